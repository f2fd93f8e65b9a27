"""What a live view of a model shows of its items, as a message: for the app and for exported pages."""
