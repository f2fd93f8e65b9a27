"""Tells browsers, along with a page, which scripts it is about to ask for, so that they come while Streamlit starts."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from explorer.browser import assets
from explorer.browser.kept import SERVED
from explorer.browser.scenes import SCENES

LEARN = "learn"
"""The page whose scripts are named."""
BESIDE_A_SCENE = ("inside", "history")
"""What else Learn shows."""
SHOWS_COMPONENTS = "BidiComponent"
"""Streamlit's own script for components, which it asks for once the first one is to be shown."""
_IMPORT = re.compile(r'(?:from|import)\s*"\./([^"]+)"')


class ScriptsAhead:
    """Names in the header of Learn's page the scripts of its scene and those with which Streamlit shows components.

    Without it they are asked for one after the other: Streamlit's once the page's messages have come, ours after those,
    what ours share after that. A browser fetches and compiles what the header names at once (``Link``, RFC 8288;
    ``modulepreload`` in HTML).

    Args:
        app: the server that is wrapped.
        static: Streamlit's folder of built files, with its index.html.
    """

    def __init__(self, app: ASGIApp, static: Path) -> None:
        self._app = app
        self._static = static
        self._serves_ours = False
        """Streamlit does once a page has run; until then it answers 404, which a browser would remember of a script."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"] if scope["type"] == "http" else ""
        is_ours, is_learn = SERVED in path, path.rstrip("/").endswith(f"/{LEARN}")

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                self._serves_ours = self._serves_ours or is_ours
                headers = MutableHeaders(scope=message)
                if is_learn and self._serves_ours and headers.get("content-type", "").startswith("text/html"):
                    headers["Link"] = links(self._static, scope["query_string"].decode())
            await send(message)

        await self._app(scope, receive, told if is_ours or is_learn else send)


def links(static: Path, query: str) -> str:
    """The header for an address of Learn.

    Args:
        static: Streamlit's folder of built files.
        query: of the address; ``scene`` names the scene, else it is the first of the story.
    """
    names = [scene.name for scene in sorted(SCENES, key=lambda scene: scene.number)]
    asked = parse_qs(query).get("scene", names)[0]
    return _links(static, asked if asked in names else names[0])


@cache
def _links(static: Path, scene: str) -> str:
    files = [f"./static/js/{name}" for name in sorted(streamlits(static))]
    for component in (scene, *BESIDE_A_SCENE):
        script = assets.script(component)
        shared = sorted(assets.brings(script) - {script})
        files += [f"./_stcore/bidi-components/explorer.{component}/{script}"]
        files += [f"./_stcore/bidi-components/explorer.shared/{name}" for name in shared]
    return ", ".join(f"<{file}>; rel=modulepreload" for file in dict.fromkeys(files))


def streamlits(static: Path) -> set[str]:
    """Names of Streamlit's own scripts that show components and that its index.html does not name itself."""
    named = (static / "index.html").read_text("utf-8")
    waiting = [path.name for path in (static / "static" / "js").glob(f"{SHOWS_COMPONENTS}.*.js")]
    names: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in names and name not in named:
            names.add(name)
            waiting += _IMPORT.findall((static / "static" / "js" / name).read_text("utf-8"))
    return names
