from __future__ import annotations

import pytest

from explorer.ui.widgets import component
from tests.messages.browser import Browser


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    stand_in = Browser()
    monkeypatch.setattr(component, "renderer", lambda _name: stand_in.render)
    monkeypatch.setattr(component.st, "session_state", stand_in.session)
    return stand_in
