"""The scene convolutional: its message and its place in the story."""
