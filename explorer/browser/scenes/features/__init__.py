"""The scene features: its message and its place in the story."""
