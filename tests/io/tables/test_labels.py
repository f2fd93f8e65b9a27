"""Labels under unusual names are asked about or said, never learnt without a word."""

from __future__ import annotations

import numpy as np
import pytest

from explorer.core.errors import DataError, UndecidedError
from explorer.data.table_rows import FileRows, open_rows
from explorer.io.tables.asked import RolesAsked
from explorer.novelty.inputs import open_upload
from explorer.novelty.table_fitting import fit_table

RNG = np.random.default_rng(0)
N = 60
RARE = np.arange(N) % 10 == 0


def table(values: list[str], name: str = "befund", place: int = 3, more: str = "") -> bytes:
    rows = [[f"{x:.3f}" for x in row] for row in RNG.normal(size=(N, 3))]
    for row, value in zip(rows, values, strict=True):
        row.insert(place, value)
    head = ["a", "b", "c"]
    head.insert(place, name)
    return "\n".join(",".join(row) for row in [head, *rows]).encode()


def opened(content: bytes, **roles: object) -> FileRows:
    return open_rows(content, "t.csv", roles=RolesAsked(**roles))


def two(rare: str, usual: str) -> list[str]:
    return [rare if is_rare else usual for is_rare in RARE]


@pytest.mark.parametrize(
    ("values", "place"),
    [
        (two("nok", "ok"), 3), (two("NOK", "OK"), 0), (two("fail", "pass"), 1), (two("bad", "good"), 2),
        (two("1", "0"), 3), (two("-1", "1"), 3), (two("yes", "no"), 3), (two("False", "True"), 3),
        (two("beta", "alpha"), 3), (two("neptune.", "normal."), 2), (two("DDoS", "BENIGN"), 1),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_it_is_asked_and_each_answer_is_taken(values: list[str], place: int) -> None:
    content = table(values, place=place)
    (finding,) = opened(content).contract.undecided
    assert finding.what == "label"
    assert repr(values[1]) in finding.reason
    with pytest.raises(UndecidedError, match="--label befund") as caught:
        opened(content).contract.require_decided("t.csv")
    assert "befund" in caught.value.message
    roles = [opened(content, **r.model_dump(exclude_defaults=True)).contract for r in finding.readings]
    assert [contract.undecided for contract in roles] == [(), ()]
    assert [contract.label for contract in roles] == [None, "befund"]
    assert "befund" in roles[0].inputs
    assert "befund" not in roles[1].inputs
    for said in ({"label": ""}, {"ignore": ("befund",)}, {"inputs": ("befund",)}, {"metadata": ("befund",)}):
        assert not opened(content, **said).contract.undecided


def test_what_names_labels_surely_is_taken_and_a_mixture_is_refused() -> None:
    content = table(two("attack", "normal"), "state")
    assert opened(content).contract.label == "state"
    with pytest.raises(DataError, match="'normal' \\(54\\), 'attack' \\(6\\)") as caught:
        fit_table(open_upload("t.csv", content))
    assert "--normal normal" in caught.value.hint


@pytest.mark.parametrize(("rare", "usual"), [("neptune.", "normal."), ("DDoS", "BENIGN"), ("scratch", "good")])
def test_kinds_of_attacks_beside_normal_rows_are_a_mixture(rare: str, usual: str) -> None:
    content = table(two(rare, usual), "label")
    with pytest.raises(DataError, match="not every item is normal") as caught:
        fit_table(open_upload("t.csv", content))
    assert f"--normal {usual}" in caught.value.hint


def test_classes_that_are_about_as_frequent_are_said() -> None:
    content = table([("alpha", "beta", "gamma")[i % 3] for i in range(N)])
    contract = opened(content).contract
    assert not contract.undecided
    assert contract.label is None
    assert "'befund' holds 'alpha' (20), 'beta' (20), 'gamma' (20): labels, or categories" in contract.line
    assert "--label befund" in contract.line


@pytest.mark.parametrize(
    ("values", "place"),
    [
        (two("1", "0"), 0),  # a flag among the measurements
        ([f"{i % 3}" for i in range(N)], 1),
        (["yes"] * N, 3),
        ([f"{x:.2f}" for x in RNG.normal(size=N)], 3),
        ([("alpha", "beta")[i % 2] for i in range(N)], 0),
        ([("high", "normal", "low")[i % 3] for i in range(N)], 0),
        (two("fixed defect", "normal"), 1),  # of a part, in the middle
    ],
)
def test_what_is_no_label_is_not_asked_about(values: list[str], place: int) -> None:
    contract = opened(table(values, place=place)).contract
    assert not contract.undecided
    assert "--label" not in contract.line


def test_coordinates_and_flags_among_flags_are_inputs() -> None:
    xyz = "\n".join(["x,y,z", *(f"{i % 7},{i % 5},{i % 2}" for i in range(N))]).encode()
    assert opened(xyz, numbers=("z",)).contract.inputs == ("x", "y", "z")
    flags = "\n".join(["a,b,c", *(f"{i / 7:.2f},{i % 2},{i % 3 % 2}" for i in range(N))]).encode()
    assert not opened(flags).contract.undecided


def test_a_table_that_is_read_as_another_one_is_not_asked_again() -> None:
    content = table(two("1", "0"))
    learnt = opened(content, numbers=("befund",)).contract
    assert not open_rows(content, "new.csv", like=learnt).contract.undecided


def test_none_says_that_there_are_no_labels_unless_a_column_has_that_name() -> None:
    def label(name: str) -> str | None:
        lines = [f"{name},a,b", *(f"{'xy'[i % 2]},{i % 7}.5,{i % 5}.25" for i in range(20))]
        return open_rows("\n".join(lines).encode(), "t.csv", roles=RolesAsked(label="none")).contract.label

    assert label("species") is None
    assert label("none") == "none"
    assert label("label none") is None


@pytest.mark.parametrize("place", [0, 3])
def test_a_first_or_last_column_that_numbers_classes_beside_measurements_is_said(place: int) -> None:
    values = [f"{1 + i // 20}" for i in range(N)]
    lines = table(values, "grp", place).decode().split("\n")[place == 0 :]  # the first one without a name
    contract = opened("\n".join(lines).encode()).contract
    assert "'1' (20), '2' (20), '3' (20): labels, or numbers" in contract.line
    contract.require_decided("t.csv")
    counts = [f"{i * 7 % 40}" for i in range(N)]
    assert "labels" not in opened(table(counts, "grp", 3)).contract.line
    assert opened(table(values, "Klasse", 3)).contract.label == "Klasse"
