"""The scene variational: its message and its place in the story."""
