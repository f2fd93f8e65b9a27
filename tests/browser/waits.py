"""When a page of a Streamlit app stands still: its server has answered, nothing is loading, nothing moves any more."""

from __future__ import annotations

import time

from playwright.sync_api import Page, Request, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE_S = 240.0
"""How long a state is waited for before a test fails: long enough for a machine that has much else to do."""
PATIENCE_MS = 1000 * PATIENCE_S

# Components tell the server once the hand has been calm for a quarter of a second. The page's own clock is used: where
# the page gets little of the processor, its timers and frames are late, and those asked for first still come first.
PAUSE = """() => new Promise((done) => {
  const state = () => JSON.stringify([
    document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') ?? 'initial',
    document.querySelectorAll('[data-testid=stSkeleton], [data-testid=stSpinner]').length,
    [...document.images].filter((image) => !image.complete).length,
    document.body.innerText,
    document.querySelectorAll('img, canvas, svg').length,
    document.documentElement.scrollHeight,
    location.href,
  ]);
  const before = state();
  setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => {
    const after = state();
    const [script, skeletons, images] = JSON.parse(after);
    const busy = ['initial', 'running', 'rerunRequested'].includes(script) || skeletons > 0 || images > 0;
    done(!busy && before === after);
  })), 400);
})"""


class Traffic:
    """What a page and its server say to one another, from the page's first request on.

    Args:
        page: one that has not been opened yet.
    """

    def __init__(self, page: Page) -> None:
        self.turns = 0
        """How often the script was asked to run, or began or ended to."""
        self._is_due = False
        self._has_begun = False
        self._loading: set[Request] = set()
        page.on("request", self._started)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)
        page.on("websocket", self._connected)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is being loaded and every run of the script that was asked for has ended."""
        return not self._is_due and not self._loading

    def _started(self, request: Request) -> None:
        if request.is_navigation_request() and request.frame.parent_frame is None:
            self._loading.clear()  # what the page before was loading does not matter any more
        self._loading.add(request)

    def _ended(self, request: Request) -> None:
        self._loading.discard(request)

    def _connected(self, socket: WebSocket) -> None:
        socket.on("framesent", self._sent)
        socket.on("framereceived", self._received)

    def _sent(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes) and BackMsg.FromString(frame).WhichOneof("type") == "rerun_script":
            self._is_due, self._has_begun = True, False
            self.turns += 1

    def _received(self, frame: str | bytes) -> None:
        message = ForwardMsg.FromString(frame) if isinstance(frame, bytes) else ForwardMsg()
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._is_due = self._has_begun = True
            self.turns += 1
        elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            self._is_due = self._is_due and not self._has_begun
            self.turns += 1


def stand_still(page: Page, traffic: Traffic) -> None:
    """Return when the page stands still; fail when it does not within ``PATIENCE_S``."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        turns = traffic.turns
        # A pause that begins in a quiet page, ends in one, and in which nobody spoke.
        if page.evaluate(PAUSE) and traffic.is_quiet and traffic.turns == turns:
            return
    raise AssertionError(f"{page.url} did not stand still within {PATIENCE_S:g} s")
