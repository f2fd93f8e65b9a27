"""The component paste: its message."""
