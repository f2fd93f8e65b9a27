"""The scene stacked: its message and its place in the story."""
