"""What modules have made is looked through for garbage once; what a page leaves behind still is collected."""

from __future__ import annotations

import gc
import sys
import weakref
from types import ModuleType

import pytest

from explorer.ui.shell import imported
from explorer.ui.shell.imported import NEW_MODULES, set_modules_aside


def test_modules_are_set_aside_once_and_garbage_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imported, "_known", len(sys.modules) - NEW_MODULES)

    class Left:
        pass

    before = Left()
    before.own = before  # type: ignore[attr-defined]
    gone = weakref.ref(before)
    del before
    try:
        set_modules_aside()
        assert gone() is None  # what is garbage already was collected first
        assert len(gc.get_objects()) < 2000 < gc.get_freeze_count()
        few = gc.get_freeze_count()
        after = Left()
        after.own = after  # type: ignore[attr-defined]
        gone = weakref.ref(after)
        del after
        for number in range(NEW_MODULES - 1):
            monkeypatch.setitem(sys.modules, f"made_up_{number}", ModuleType("made_up"))
        set_modules_aside()
        assert gc.get_freeze_count() <= few
        gc.collect()
        assert gone() is None
    finally:
        gc.unfreeze()
