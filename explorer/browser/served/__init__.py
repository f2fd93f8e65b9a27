"""The component served: its message."""
