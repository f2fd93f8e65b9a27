"""The map of codes as several pages show it: which plane, what its points say, and how it is drawn."""
