"""What is kept aside to be scored was not learnt from, and labels say which of it is novel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer import data, novelty
from explorer.core.errors import DataError
from explorer.data.base import Dataset
from explorer.novelty import learning
from explorer.novelty.inputs import TableInput, open_upload


def _csv(n_good: int, n_bad: int = 0) -> TableInput:
    random = np.random.default_rng(0)
    good = [f"{a:.5f};{i};good" for i, a in enumerate(random.normal(size=n_good))]
    bad = [f"{a:.5f};{i + n_good};bad" for i, a in enumerate(9 + random.normal(size=n_bad))]
    table = open_upload("parts.csv", "\n".join(["size;number;class", *good, *bad]).encode())
    assert isinstance(table, TableInput)
    return table


def test_rows_that_are_scored_were_not_learnt_from():
    learnt = learning.learn_table(_csv(100, 10), ("good",), "knn")
    assert learnt.items.labels == ("good",) * 20 + ("bad",) * 10
    assert list(learnt.is_novel) == [False] * 20 + [True] * 10
    assert learnt.detector.card.n_fit == learnt.detector.card.n_calibration == 80
    scored = {row.tobytes() for row in learnt.items.x}
    assert not scored & {row.tobytes() for row in learnt.normal}
    numbers = [int(name.removeprefix("row ")) - 1 for name in learnt.items.names]
    assert [int(v) for v in learnt.items.cells["number"]] == numbers, "a name is the row's place in the file"
    assert novelty.auroc(learnt.detector.score(learnt.items.x), learnt.is_novel).value > 0.99


def test_few_normal_examples_are_learnt_from_before_any_is_scored():
    learnt = learning.learn_table(_csv(22), (), "knn")
    assert len(learnt.items.names) == 2
    none = learning.learn_table(_csv(20), (), "knn")
    assert len(none.items.names) == len(none.items.x) == 0
    with pytest.raises(DataError, match=r"parts\.csv has 19 normal items"):
        learning.learn_table(_csv(19), (), "knn")


def test_rows_without_a_label_are_neither_normal_nor_novel():
    table = _csv(60, 10)
    text = "size;number;class\n0.1;900;\n" + "\n".join(f"{i / 60:.3f};{i};good" for i in range(60))
    table = open_upload("parts.csv", text.encode())
    assert isinstance(table, TableInput)
    learnt = learning.learn_table(table, ("good",), "knn")
    assert set(learnt.items.labels) == {"good"}


def test_of_a_dataset_its_test_rows_and_all_novel_rows_are_scored():
    cells = data.dataset("breast-cancer")
    learnt = learning.learn_dataset(cells, ("benign",), "knn")
    malignant = int((np.array(cells.label_names)[cells.labels] == "malignant").sum())
    assert learnt.is_novel.sum() == malignant
    normal = {
        int(name.rpartition(" ")[2])
        for name, novel in zip(learnt.items.names, learnt.is_novel, strict=True)
        if not novel
    }
    assert normal == set(cells.splits.test[np.array(cells.label_names)[cells.labels[cells.splits.test]] == "benign"])
    assert len(learnt.normal) + len(normal) + malignant == len(cells)


def test_images_of_a_file(digits: Dataset):
    named = replace(digits, item_names=tuple(f"{i}.png" for i in range(len(digits))), name="zip", title="zip")
    learnt = learning.learn_images(named, ("0",), "pca")
    numbers = [int(name.removesuffix(".png")) for name in learnt.items.names]
    assert list(np.asarray(digits.labels)[numbers] != 0) == list(learnt.is_novel)
    np.testing.assert_array_equal(learnt.items.x, digits.x[numbers])
