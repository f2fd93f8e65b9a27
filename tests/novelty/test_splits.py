"""Which rows fit a score, which set its threshold and which are scored: no row twice, none in the wrong place."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from explorer import novelty
from explorer.checkpoints import Checkpoint, affordable
from explorer.core.errors import ExplorerError
from explorer.data.base import Dataset


def of_three(splits: novelty.NoveltySplits) -> list[set[int]]:
    return [set(rows.tolist()) for rows in (splits.fit, splits.calibrate, splits.test)]


@pytest.fixture(scope="module")
def other_data(digits: Dataset) -> Dataset:
    """The same digits as data that the model was not trained on."""
    return replace(digits, fingerprint="0" * 64)


def test_rows_of_the_models_own_data_keep_their_split(digits_vae: Checkpoint, digits: Dataset):
    fit, calibrate, test = of_three(novelty.normal_splits(digits_vae, digits))
    assert fit <= set(digits.splits.train.tolist())
    assert calibrate <= set(digits.splits.validation.tolist())
    assert test <= set(digits.splits.test.tolist())


@pytest.mark.parametrize("classes", [(), ("3",), ("1", "7")])
def test_of_other_data_no_row_is_in_two_splits_and_none_is_left_over(
    classes: tuple[str, ...], digits_vae: Checkpoint, other_data: Dataset
):
    splits = novelty.normal_splits(digits_vae, other_data, classes, fit_limit=10_000, limit=10_000)
    fit, calibrate, test = of_three(splits)
    assert not fit & calibrate
    assert not fit & test
    assert not calibrate & test
    labels = np.asarray(other_data.labels)
    wanted = np.isin(labels, [int(name) for name in classes]) if classes else np.ones(len(labels), bool)
    assert fit | calibrate | test == set(np.flatnonzero(wanted).tolist())
    n = wanted.sum()
    assert len(fit) == pytest.approx(n / 2, abs=4 * n**0.5)
    assert len(calibrate) == pytest.approx(n / 4, abs=4 * n**0.5)


def test_limits_thin_each_role_and_keep_them_apart(digits_vae: Checkpoint, other_data: Dataset):
    parts = of_three(novelty.normal_splits(digits_vae, other_data, fit_limit=50, limit=20))
    assert [len(part) for part in parts] == [50, 20, 20]
    assert len(set.union(*parts)) == 90


def test_a_model_that_takes_long_scores_fewer_rows_unasked_and_says_so(
    digits_vae: Checkpoint, other_data: Dataset, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(affordable.work, "rebuilding_work", lambda model, shape: 10**9)
    splits = novelty.normal_splits(digits_vae, other_data)
    assert [len(part) for part in of_three(splits)[1:]] == [200, 200]
    assert "Fewer items than usual, since this model needs 1,000 million multiply-adds" in splits.note
    assert len(novelty.novel_rows(digits_vae, other_data)) == 200
    assert len(novelty.novel_rows(digits_vae, other_data, limit=300)) == 300


def test_novel_rows_have_none_of_the_normal_labels(digits_vae: Checkpoint, digits: Dataset):
    novel = novelty.novel_rows(digits_vae, digits, ("1", "2"), limit=10_000)
    assert set(novel.tolist()) <= set(digits.splits.test.tolist())
    assert set(np.asarray(digits.labels)[novel].tolist()) == {0, 3, 4, 5, 6, 7, 8, 9}


def test_too_few_normal_rows_are_refused(digits_vae: Checkpoint, other_data: Dataset):
    few = replace(other_data, x=other_data.x[:7], labels=np.asarray(other_data.labels)[:7])
    with pytest.raises(ExplorerError, match="too few normal items"):
        novelty.normal_splits(digits_vae, few)
