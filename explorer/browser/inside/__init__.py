"""The current model from the inside: its layers with their true sizes, and an item's values in them."""
