"""The component heat_map: its message."""
