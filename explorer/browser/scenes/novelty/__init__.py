"""The scene novelty: its message and its place in the story."""
