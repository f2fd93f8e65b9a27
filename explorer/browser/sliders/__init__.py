"""The component sliders: its message."""
