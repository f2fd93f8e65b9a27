"""Components in a page of their own: one HTML file that is opened from the file system and asks for nothing."""
