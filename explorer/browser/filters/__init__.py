"""The component filters: its message."""
