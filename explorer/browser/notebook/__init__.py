"""Components in a notebook: the adapter between them and anywidget, and its style."""
