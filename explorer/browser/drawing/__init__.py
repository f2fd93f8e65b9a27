"""The component drawing: its message."""
