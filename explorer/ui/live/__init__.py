"""Browser components that follow the hand: they decode, draw and count without asking the server.

``pack`` writes a decoder for the browser and imports no Streamlit; ``sliders``, ``latent_map``, ``interpolation``,
``swipe`` and ``threshold`` hold one component each.
"""
