"""Autoencoder Explorer's entry: `streamlit run` starts here. The frame draws the navigation; pages/ draw the rest."""

from explorer import ui

ui.run_app()
