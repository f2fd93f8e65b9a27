"""Which scripts the server names along with Learn's page."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
import streamlit
from starlette.types import Message, Receive, Scope, Send

from explorer.browser import assets
from explorer.browser.ahead import ScriptsAhead, streamlits

STATIC = Path(streamlit.__file__).parent / "static"
OURS = "/_stcore/bidi-components/explorer.shared/shared-A2KAC6BM.js"


def answers(*requests: tuple[str, str], status: int = 200, kind: str = "text/html; charset=utf-8") -> list[str]:
    """What ``Link`` says in the answers to these paths and queries, one after the other, of one server."""
    sent: list[Message] = []

    async def server(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind.encode())]})
        await send({"type": "http.response.body", "body": b""})

    async def keep(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent.append(message)

    async def nothing() -> Message:
        return {"type": "http.request"}

    async def ask() -> None:
        ahead = ScriptsAhead(server, STATIC)
        for path, query in requests:
            await ahead({"type": "http", "path": path, "query_string": query.encode()}, nothing, keep)

    asyncio.run(ask())
    return [dict(message["headers"]).get(b"link", b"").decode() for message in sent]


def named(link: str) -> list[str]:
    return re.findall(r"<\./([^>]+)>; rel=modulepreload", link)


@pytest.mark.parametrize(
    ("query", "scene"), [("", "undercomplete"), ("scene=stacked&seen=x", "stacked"), ("scene=no", "undercomplete")]
)
def test_all_that_the_scene_brings_is_named_once(query: str, scene: str) -> None:
    files = named(answers((OURS, ""), ("/learn", query))[1])
    assert len(set(files)) == len(files)
    ours = {file.rpartition("/")[2] for file in files if file.startswith("_stcore/bidi-components/explorer.")}
    assert ours == set().union(*(assets.brings(assets.script(name)) for name in (scene, "inside", "history")))
    assert f"_stcore/bidi-components/explorer.{scene}/{assets.script(scene)}" in files


def test_streamlits_script_for_components_is_named_with_what_it_imports() -> None:
    names = streamlits(STATIC)
    assert any(name.startswith("BidiComponent.") for name in names)
    index = (STATIC / "index.html").read_text("utf-8")
    for name in names:
        text = (STATIC / "static" / "js" / name).read_text("utf-8")
        for imported in re.findall(r'from"\./([^"]+)"', text):
            assert imported in names or imported in index


def test_nothing_is_named_before_the_server_has_given_out_a_script_of_ours() -> None:
    assert answers(("/learn", ""), ("/learn", "")) == ["", ""]
    assert answers((OURS, ""), ("/learn", ""), status=404) == ["", ""]


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "text/html"), ("/train", "text/html"), ("/learn", "text/javascript"), ("/unlearn", "text/html")],
)
def test_other_answers_stay_as_they_are(path: str, kind: str) -> None:
    assert answers((OURS, ""), (path, ""), kind=kind) == ["", ""]
