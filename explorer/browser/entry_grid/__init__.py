"""The component entry_grid: its message."""
