"""Series: rows that follow one another in time are looked at in windows of so many in a row."""
