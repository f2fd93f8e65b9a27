"""The scene undercomplete: its message and its place in the story."""
