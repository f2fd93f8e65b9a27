"""The scene ordered: its message and its place in the story."""
