"""The button that takes the model of a page away as one HTML file."""
