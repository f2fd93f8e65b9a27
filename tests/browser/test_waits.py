"""When a page counts as answered: the messages of Streamlit's own protocol, as page and server exchange them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession

from tests.browser.waits import Traffic

DEMO = "served_demo.py"
ASK = BackMsg(rerun_script={}).SerializeToString()
BEGIN = ForwardMsg(new_session=NewSession(name="page")).SerializeToString()
END = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY).SerializeToString()
END_OF_PART = ForwardMsg(script_finished=ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY).SerializeToString()
BROKEN_OFF = ForwardMsg(script_finished=ForwardMsg.FINISHED_EARLY_FOR_RERUN).SerializeToString()
FROM_SERVER = (BEGIN, END, END_OF_PART, BROKEN_OFF)


class Emitter:
    """The part of a page, or of its socket, that tells of events."""

    def __init__(self) -> None:
        self.listeners: dict[str, Callable[[Any], None]] = {}

    def on(self, event: str, listener: Callable[[Any], None]) -> None:
        self.listeners[event] = listener


@pytest.mark.parametrize(
    ("messages", "is_quiet"),
    [
        ([], True),
        ([ASK], False),
        ([ASK, BEGIN], False),
        ([ASK, BEGIN, END], True),
        ([ASK, BEGIN, END_OF_PART], True),
        ([ASK, BEGIN, END, ASK], False),
        ([ASK, BEGIN, ASK, END], False),  # the end of the run before: the one that was asked for is still to come
        ([ASK, BEGIN, ASK, BROKEN_OFF, BEGIN], False),
        ([ASK, BEGIN, ASK, BROKEN_OFF, BEGIN, END], True),
        ([BEGIN], False),  # a run that the server began by itself
        ([ASK, BEGIN, END, "text", BackMsg(stop_script=True).SerializeToString()], True),
    ],
)
def test_a_page_is_quiet_once_the_run_that_it_asked_for_has_ended(messages: list[bytes | str], is_quiet: bool) -> None:
    page, socket = Emitter(), Emitter()
    traffic = Traffic(page)
    page.listeners["websocket"](socket)
    for message in messages:
        socket.listeners["framereceived" if message in FROM_SERVER else "framesent"](message)
    assert traffic.is_quiet is is_quiet


def test_a_page_that_stands_still_shows_what_its_server_sent(
    page: Page, demo_url: str, settle: Callable[[Page], None]
) -> None:
    page.goto(demo_url)
    settle(page)
    assert page.get_by_role("slider").count() > 0, "without another wait"
    expect(page.locator("[data-testid=stApp]")).to_have_attribute("data-test-script-state", "notRunning")
