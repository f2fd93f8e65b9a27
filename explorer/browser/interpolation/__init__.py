"""The component interpolation: its message."""
