"""The component latent_map: its message."""
