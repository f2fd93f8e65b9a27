"""The component swipe: its message."""
