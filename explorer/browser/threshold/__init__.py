"""The component threshold: its message."""
