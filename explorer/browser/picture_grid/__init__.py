"""The component picture_grid: its message."""
