"""The component history: its message."""
