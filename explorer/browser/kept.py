"""Lets browsers keep the built scripts: their names carry a hash of their content, so that they never change."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SERVED = "/_stcore/bidi-components/explorer."
"""Where Streamlit serves ``assets.FOLDER``."""
KEEP = "public, max-age=31536000, immutable"


class KeepScripts:
    """Says of every script of ours that it may be kept for a year and need not be asked for again (RFC 8246).

    Streamlit itself says "public" alone, without a date or tag, so that a browser asks anew after each reload.

    Args:
        app: the server that is wrapped.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message)["Cache-Control"] = KEEP
            await send(message)

        ours = scope["type"] == "http" and SERVED in scope["path"]
        await self._app(scope, receive, told if ours else send)
