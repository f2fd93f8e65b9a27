"""What every page stands in: frame, sidebar, the model and data in use, caches, jobs, the selection, the user image."""
