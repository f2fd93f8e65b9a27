"""Where pictures of parts and textures are not as normal ones are, at the size they have."""
