"""What a visitor brought and set, kept for another page and for a reload.

Streamlit forgets a control once its page is left, and the whole session once the page is loaded again. So what a
visitor brought lies in the session under names of its own, and on a shelf of this server, under a token that stands in
the link: the next session takes it from there. The token cannot be guessed and is not trusted; what lies on the shelf
is in memory alone, bounded, and goes away by itself.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from explorer.ui.shell.cache import cached_resource

PARAMETER = "kept"
"""The token's name in the link."""
MAX_BYTES = 1 << 30
MAX_VISITORS = 200
HOURS = 4.0
"""After so long without a visit nothing is kept."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_OWN, _CONTROLS, _WATCHED = "kept_token", "kept_controls", "kept_watched"
_PLAIN = (str, int, float, bool, type(None))


@dataclass
class _Visitor:
    """What one visitor left: values by name, with their sizes in bytes."""

    used: float
    values: dict[str, Any] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)


class KeptValues:
    """Values by the token of their visitor; the visitors that were away longest make room for others.

    Args:
        max_bytes: of all values together.
        max_visitors: so many at most.
        hours: after which a visitor who did not come back is forgotten.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        max_bytes: int = MAX_BYTES,
        max_visitors: int = MAX_VISITORS,
        hours: float = HOURS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = max_bytes, max_visitors, 3600 * hours
        self._clock = clock
        self._visitors: OrderedDict[str, _Visitor] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, token: str, name: str, value: Any, n_bytes: int) -> bool:
        """Keep a value under a name; False, and nothing is kept under it, where it alone is too large."""
        with self._lock:
            visitor = self._visit(token) or self._visitors.setdefault(_key(token), _Visitor(self._clock()))
            visitor.values.pop(name, None)
            visitor.sizes.pop(name, None)
            fits = n_bytes <= self._limits[0]
            if fits:
                visitor.values[name], visitor.sizes[name] = value, n_bytes
            self._make_room()
            return fits

    def take(self, token: str) -> dict[str, Any]:
        """All that is kept for a token, which need not be one; it counts as a visit."""
        with self._lock:
            visitor = self._visit(token)
            return {} if visitor is None else dict(visitor.values)

    def drop(self, token: str, name: str | None = None) -> None:
        """Forget one value, or all of a visitor."""
        with self._lock:
            visitor = self._visitors.get(_key(token))
            if name is None or visitor is None:
                self._visitors.pop(_key(token), None)
                return
            visitor.values.pop(name, None)
            visitor.sizes.pop(name, None)

    @property
    def n_bytes(self) -> int:
        """Of all values together."""
        return sum(sum(visitor.sizes.values()) for visitor in self._visitors.values())

    def _visit(self, token: str) -> _Visitor | None:
        self._make_room()
        visitor = self._visitors.get(_key(token))
        if visitor is not None:
            visitor.used = self._clock()
            self._visitors.move_to_end(_key(token))
        return visitor

    def _make_room(self) -> None:
        max_bytes, max_visitors, seconds = self._limits
        while self._visitors:
            oldest = next(iter(self._visitors.values()))
            late = self._clock() - oldest.used > seconds
            crowded = len(self._visitors) > 1 and (self.n_bytes > max_bytes or len(self._visitors) > max_visitors)
            if not late and not crowded:
                break
            self._visitors.popitem(last=False)
        # The only one left has too much: what was brought first goes first.
        for visitor in self._visitors.values():
            while self.n_bytes > max_bytes and visitor.sizes:
                name = next(iter(visitor.sizes))
                del visitor.values[name], visitor.sizes[name]


def _key(token: str) -> str:
    """Tokens themselves are not stored."""
    return hashlib.sha256(token.encode()).hexdigest()


@cached_resource()
def shelf() -> KeptValues:
    """The shelf of this server."""
    return KeptValues()


def resume() -> None:
    """To be called first in each run: a new session takes what its link's token keeps, and the link keeps the token."""
    state = st.session_state
    if _OWN not in state:
        token = st.query_params.get(PARAMETER, "")
        values = shelf().take(token) if _TOKEN.fullmatch(token) else {}
        if values:
            state[_OWN] = token
            for name, value in values.items():
                state.setdefault(name, value)
    if _OWN not in state:
        st.query_params.pop(PARAMETER, None)
    elif st.query_params.get(PARAMETER) != state[_OWN]:
        st.query_params[PARAMETER] = state[_OWN]
    _note_controls()


def note_what_the_run_set() -> None:
    """To be called last in each run: controls that the run itself has set are kept too, where anything is kept."""
    if is_kept():
        _note_controls()


def keep(name: str, value: Any, n_bytes: int = 1000) -> None:
    """Keep a value in the session under a name, and for a reload.

    Args:
        name: none of a control's.
        value: that is not changed afterwards.
        n_bytes: about its size in memory.
    """
    st.session_state[name] = value
    shelf().put(_token(), name, value, n_bytes)


def forget(name: str) -> None:
    """Keep nothing under a name any more."""
    st.session_state.pop(name, None)
    if _OWN in st.session_state:
        shelf().drop(st.session_state[_OWN], name)


def is_kept() -> bool:
    """Whether something of this session can be found again after a reload."""
    return _OWN in st.session_state


def forget_all() -> None:
    """Forget what the session was given and what is kept for a reload; the token is worth nothing afterwards."""
    token = st.session_state.pop(_OWN, None)
    if token is not None:
        for name in shelf().take(token):
            st.session_state.pop(name, None)
        shelf().drop(token)


def control(key: str) -> str:
    """To be called before controls are drawn: they start with what was set before their page was left or reloaded.

    Args:
        key: of a control, or what the keys of several begin with; their values are plain.

    Returns:
        The key.
    """
    state = st.session_state
    for name, value in state.get(_CONTROLS, {}).items():
        if name.startswith(key) and name not in state:
            state[name] = value
    state[_WATCHED] = state.get(_WATCHED, frozenset()) | {key}
    return key


def _note_controls() -> None:
    """Keep what is set in the watched controls, where it has changed."""
    state = st.session_state
    watched = tuple(state.get(_WATCHED, ()))
    values = {str(key): value for key, value in state.items() if str(key).startswith(watched) and _is_plain(value)}
    kept: Mapping[str, Any] = state.get(_CONTROLS, {})
    if any(kept[key] != value if key in kept else value for key, value in values.items()):  # empty ones need no keeping
        keep(_CONTROLS, {**kept, **values})


def _is_plain(value: Any) -> bool:
    return isinstance(value, _PLAIN) or (isinstance(value, list | tuple) and all(isinstance(v, _PLAIN) for v in value))


def _token() -> str:
    if _OWN not in st.session_state:
        st.session_state[_OWN] = secrets.token_urlsafe(24)
        st.query_params[PARAMETER] = st.session_state[_OWN]
    token: str = st.session_state[_OWN]
    return token
