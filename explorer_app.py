"""What `explorer app` serves: streamlit_app.py, with scripts that browsers keep."""

from starlette.middleware import Middleware
from streamlit.starlette import App

from explorer.browser.kept import KeepScripts

app = App("streamlit_app.py", middleware=[Middleware(KeepScripts)])
