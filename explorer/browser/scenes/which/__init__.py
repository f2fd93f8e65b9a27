"""The scene which: its message and its place in the story."""
