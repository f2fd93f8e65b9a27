"""Pieces that pages show: pictures, tables, forms, small drawings. They know no page and no model in use."""
