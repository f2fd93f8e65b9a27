"""What can be wrong with a training, a file a subject."""
