"""The Novelty page."""
