"""The scene denoising: its message and its place in the story."""
