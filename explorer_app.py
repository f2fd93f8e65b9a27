"""What `explorer app` serves: streamlit_app.py, with scripts that browsers keep, and those of Learn named ahead."""

from pathlib import Path

import streamlit
from starlette.middleware import Middleware
from streamlit.starlette import App

from explorer.browser.ahead import ScriptsAhead
from explorer.browser.kept import KeepScripts

STATIC = Path(streamlit.__file__).parent / "static"

app = App("streamlit_app.py", middleware=[Middleware(KeepScripts), Middleware(ScriptsAhead, static=STATIC)])
"""The app for an ASGI server."""
