"""What the server says of our built scripts, and of nothing else."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from explorer.browser.kept import KeepScripts

FOREVER = {b"cache-control": b"public, max-age=31536000, immutable"}


async def answer_of(path: str, status: int) -> dict[bytes, bytes]:
    """The headers that leave the server for this path."""
    sent: list[Message] = []

    async def server(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"public")]})
        await send({"type": "http.response.body", "body": b""})

    async def keep(message: Message) -> None:
        sent.append(message)

    async def nothing() -> Message:
        return {"type": "http.request"}

    await KeepScripts(server)({"type": "http", "path": path}, nothing, keep)
    return dict(sent[0]["headers"])


@pytest.mark.parametrize("base", ["", "/behind/a/proxy"])
def test_a_script_whose_name_holds_its_hash_is_kept(base: str) -> None:
    path = f"{base}/_stcore/bidi-components/explorer.shared/shared-A2KAC6BM.js"
    assert asyncio.run(answer_of(path, 200)) == FOREVER


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/_stcore/health", 200),
        ("/_stcore/bidi-components/another.shared/a.js", 200),
        ("/_stcore/bidi-components/explorer.shared/gone.js", 404),
    ],
)
def test_what_may_change_is_not(path: str, status: int) -> None:
    assert asyncio.run(answer_of(path, status)) == {b"cache-control": b"public"}
