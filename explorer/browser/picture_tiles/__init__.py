"""The component picture_tiles: its message."""
