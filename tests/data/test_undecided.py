"""What cannot be told is said in a notebook too, with the argument that decides it."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np
import pytest

import explorer
from explorer import data
from explorer.core.errors import UndecidedWarning
from explorer.data import ImportOptions
from explorer.io.images.asked import ImagesAsked
from explorer.io.tables.asked import RolesAsked
from explorer.io.tables.dialect import Asked

THOUSANDS = "a;b\n" + "\n".join(f"{i}.{100 + i * 37 % 900};{i % 7}" for i in range(1, 30))
"""1.137 may be 1137 or a little more than 1."""
FLAG = "a,b,flag\n" + "\n".join(f"{i / 7:.3f},{i % 5 / 3:.3f},{int(i % 10 == 0)}" for i in range(40))


def read_and_warned(path: Path, **options: object) -> tuple[data.Dataset, list[str]]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        opened = explorer.dataset(str(path), **options)
    return opened, [str(one.message) for one in caught if one.category is UndecidedWarning]


@pytest.mark.parametrize(("text", "first"), [(THOUSANDS, [1137.0, 1.137]), (FLAG, [0.0, 0.0])])
def test_the_likelier_reading_is_taken_and_said(tmp_path: Path, text: str, first: list[float]) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    opened, (said,) = read_and_warned(path)
    assert str(path) in said
    assert opened.x[0, 0] == pytest.approx(first[0], rel=1e-6)
    names = {"ImportOptions": ImportOptions, "Asked": Asked, "RolesAsked": RolesAsked}
    offers = re.findall(r"options=(ImportOptions\(\w+=\w+\([^()]*(?:\([^()]*\)[^()]*)*\)\))", said)
    assert len(offers) == 2
    values = []
    for offer in offers:
        again, none = read_and_warned(path, options=eval(offer, names))  # noqa: S307 - as a user pastes it
        assert none == []
        values.append(again.x[0, 0])
    np.testing.assert_allclose(values, first, rtol=1e-6)


def test_images_are_said_too_and_what_is_clear_is_not(tmp_path: Path) -> None:
    np.save(tmp_path / "dim.npy", np.random.default_rng(0).integers(0, 20, (8, 9, 9)).astype(np.uint8))
    _, (said,) = read_and_warned(tmp_path / "dim.npy")
    assert "ImagesAsked(" in said
    _, none = read_and_warned(tmp_path / "dim.npy", options=ImportOptions(images=ImagesAsked(white=255)))
    assert none == []
    (tmp_path / "clear.csv").write_text("a,b\n1.5,2\n2.5,3\n3.25,5\n")
    assert read_and_warned(tmp_path / "clear.csv")[1] == []


def test_who_asks_the_user_is_not_warned(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(THOUSANDS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        opened = data.open_dataset(str(path))
    assert opened.contract is not None
    assert opened.contract.undecided
