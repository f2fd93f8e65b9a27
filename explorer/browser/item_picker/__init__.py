"""The component item_picker: its message."""
