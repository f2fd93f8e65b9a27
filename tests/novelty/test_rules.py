"""Rules that normal rows keep: relations between numbers, and categories that are rare, alone and in pairs."""

from __future__ import annotations

import numpy as np
import pytest

from explorer import novelty
from explorer.data.encoding import TableEncoding
from explorer.novelty.crossing import cross_fitted, folds_of
from explorer.novelty.scores.categories import RAREST
from explorer.novelty.thresholds import threshold_for

Cells = dict[str, list[str] | np.ndarray]


def rows(n: int, seed: int) -> Cells:
    """A table that keeps a difference, a product, a rate for each currency, a currency for each country, and a gap."""
    random = np.random.default_rng(seed)
    country = random.choice(["AT", "CH", "GB", "PL"], n, p=[0.4, 0.3, 0.2, 0.1])
    currency = np.array([{"AT": "EUR", "CH": "CHF", "GB": "GBP", "PL": "PLN"}[c] for c in country])
    amount, rest = np.round(random.lognormal(3, 1, n), 2), np.round(random.lognormal(5, 1, n), 2)
    euro, rate = np.round(random.lognormal(3, 1, n), 2), np.round(np.exp(random.normal(0, 0.5, n)), 4)
    of_currency = np.array([{"EUR": 1.0, "CHF": 0.94, "GBP": 0.84, "PLN": 4.3}[c] for c in currency])
    return {
        "country": country.tolist(),
        "currency": currency.tolist(),
        "kind": random.choice(["a", "b", "c"], n).tolist(),
        "before": amount + rest,
        "amount": amount,
        "after": rest,
        "euro": euro,
        "rate": rate,
        "local": np.round(euro * rate, 2),
        "paid": np.round(euro * of_currency * np.exp(random.normal(0, 0.003, n)), 2),
        "noise": np.where(random.random(n) < 0.1, np.nan, random.normal(size=n)),
    }


@pytest.fixture(scope="module")
def encoding() -> TableEncoding:
    return TableEncoding.learn(rows(1500, 0), "rows")


@pytest.fixture(scope="module")
def relations(encoding: TableEncoding) -> novelty.Relations:
    return novelty.Relations().learn_columns(encoding).fit(encoding.encode(rows(1500, 0)))


@pytest.fixture(scope="module")
def categories(encoding: TableEncoding) -> novelty.Categories:
    return novelty.Categories().learn_columns(encoding).fit(encoding.encode(rows(1500, 0)))


def changed(cells: Cells, **changes: float | str) -> Cells:
    """The cells with a column's numbers times a factor, or all of it another text."""
    new = dict(cells)
    for name, value in changes.items():
        old = new[name]
        new[name] = [str(value)] * len(old) if isinstance(value, str) else np.asarray(old) * value
    return new


@pytest.mark.parametrize(
    ("column", "partners"),
    [("after", {"before", "amount"}), ("local", {"euro", "rate"}), ("paid", {"euro"})],
)
def test_a_broken_relation_scores_far_above_all_that_keep_it(
    relations: novelty.Relations, encoding: TableEncoding, column: str, partners: set[str]
) -> None:
    new = rows(400, 1)
    kept = relations.score(encoding.encode(new))
    broken = encoding.encode(changed(new, **{column: 1.2}))
    assert np.median(relations.score(broken)) > 3 * np.quantile(kept, 0.99)
    parts = encoding.by_column(relations.contributions(broken).astype(np.float64))
    names = np.array(encoding.names)
    first = [set(names[order[:3]]) for order in np.argsort(-parts, axis=1)]
    assert np.mean([{column, *partners} <= some | {column} and column in some for some in first]) > 0.9


def test_the_weights_of_a_relation_are_those_that_made_it(
    relations: novelty.Relations, encoding: TableEncoding
) -> None:
    numbers = [encoding.encoded[i] for i in relations.numbers_]
    by_target = {
        numbers[target]: ({numbers[t] for t in terms if t >= 0}, weights, is_log)
        for target, terms, weights, is_log in zip(
            relations.targets_, relations.terms_, relations.weights_, relations.is_log_, strict=True
        )
    }
    terms, weights, is_log = by_target["local"]
    assert terms == {"euro", "rate"}
    assert is_log
    np.testing.assert_allclose(weights[:2], 1, atol=0.002)  # log local = log euro + log rate
    sums = next(value for name, value in by_target.items() if {name, *value[0]} == {"before", "amount", "after"})
    assert not sums[2]


def test_what_depends_on_nothing_has_no_relation() -> None:
    x = np.random.default_rng(3).normal(size=(800, 6)).astype(np.float32)
    assert len(novelty.Relations().fit(x).targets_) == 0
    assert (novelty.Relations().fit(x).score(100 * x) == 0).all()
    loose = np.column_stack([x, x[:, 0] + 0.2 * x[:, 1]]).astype(np.float32)[:, [0, 2, 6]]
    assert len(novelty.Relations().fit(loose).targets_) == 0, "right within a fifth of the spread is no rule"
    few = novelty.Relations().fit(np.column_stack([x[:20], x[:20, 0]]))
    assert len(few.targets_) == 0, "few rows keep relations by chance"


def test_a_missing_cell_breaks_no_relation(relations: novelty.Relations, encoding: TableEncoding) -> None:
    new = changed(rows(50, 4), after=1.5)
    new["after"] = np.full(50, np.nan)
    whole, without = relations.score(encoding.encode(rows(50, 4))), relations.score(encoding.encode(new))
    assert (without <= whole + 1e-12).all()


def test_a_value_is_as_rare_as_the_rows_that_share_it_with_as_few() -> None:
    """60 rows have a, 30 have b, 9 have c and one has d: the shares by hand, each row counted without itself."""
    kinds = ["a"] * 60 + ["b"] * 30 + ["c"] * 9 + ["d"]
    encoding = TableEncoding.learn({"kind": kinds, "n": np.arange(100.0)}, "kinds")
    fitted = novelty.Categories().learn_columns(encoding).fit(encoding.encode({"kind": kinds, "n": np.arange(100.0)}))
    new = {"kind": ["a", "b", "c", "d", "never", ""], "n": np.zeros(6)}
    # A new row with b has as many fellows as 30 rows have: those with b, c and d have no more (29, 8 and 0 others).
    shares = 1 / fitted.score(encoding.encode(new)) - RAREST
    np.testing.assert_allclose(shares, [1 - RAREST, 0.4, 0.1, 0.01, 0.01, 1 - RAREST])


def test_a_pair_never_seen_is_rare_only_where_it_was_to_be_expected(
    categories: novelty.Categories, encoding: TableEncoding
) -> None:
    new = rows(300, 5)
    ordinary = categories.score(encoding.encode(new))
    paired = changed(new, country="CH", currency="PLN")
    scores = categories.score(encoding.encode(paired))
    np.testing.assert_allclose(scores, 1 / RAREST)
    assert (ordinary < 500).all()
    parts = encoding.by_column(categories.contributions(encoding.encode(paired)).astype(np.float64))
    assert {encoding.names[i] for i in np.argsort(-parts[0])[:2]} == {"country", "currency"}
    # Every row names another shop: that a shop and a kind have not met says nothing.
    many = {"shop": [f"s{i % 45}" for i in range(90)], "kind": [f"k{i // 2 % 45}" for i in range(90)]}
    of_many = TableEncoding.learn(many, "many")
    fitted = novelty.Categories().learn_columns(of_many).fit(of_many.encode(many))
    assert fitted.score(of_many.encode({"shop": ["s0"], "kind": ["k7"]}))[0] < 2


def test_rules_come_on_top_of_the_mean_beyond_what_normal_rows_do(encoding: TableEncoding) -> None:
    x, new = encoding.encode(rows(1500, 0)), encoding.encode(rows(1500, 6))

    def fitted(chosen: np.ndarray, fold: int) -> novelty.MeanOfScores:
        parts = [novelty.KNN(), novelty.Relations(), novelty.Categories()]
        return novelty.MeanOfScores(parts).learn_columns(encoding).fit_parts(x[chosen])

    combined, crossed = cross_fitted(x, fitted, folds_of(len(x), 5))
    assert isinstance(combined, novelty.MeanOfScores)
    standard = combined.standardised(new)
    assert (standard[1:] > 0).mean() < 0.012, "0.3 % of normal rows break each rule"
    np.testing.assert_allclose(combined.score(new), standard[0] + np.maximum(standard[1:], 0).sum(0))
    limit = threshold_for(crossed, 0.01).value
    assert (combined.score(new) > limit).mean() < 0.025
    for changes in ({"after": 1.3}, {"local": 1.2}, {"country": "CH", "currency": "PLN"}, {"kind": "never"}):
        planted = encoding.encode(changed(rows(300, 7), **changes))
        assert (combined.score(planted) > limit).mean() > 0.9, changes
        shares = combined.contributions(planted)
        np.testing.assert_allclose(shares.sum(1), 1, rtol=1e-4)
        by_column = encoding.by_column(shares.astype(np.float64))
        named = [{encoding.names[i] for i in order[:3]} for order in np.argsort(-by_column, axis=1)]
        assert np.mean([set(changes) <= some for some in named]) > 0.9, changes


def test_each_item_is_scored_by_what_has_not_seen_it() -> None:
    """With one nearest row, an item that has been seen is at no distance from itself."""
    x = np.random.default_rng(8).normal(size=(53, 2)).astype(np.float32)
    seen: list[set[int]] = []

    def fitted(chosen: np.ndarray, fold: int) -> novelty.KNN:
        seen.append(set(chosen.tolist()))
        return novelty.KNN(1).fit(x[chosen])

    final, crossed = cross_fitted(x, fitted, of_fold := folds_of(53, 5, seed=2))
    assert seen[0] == set(range(53)), "the score itself learns from all"
    assert [set(np.flatnonzero(of_fold != fold).tolist()) for fold in range(5)] == seen[1:]
    assert np.bincount(of_fold).max() - np.bincount(of_fold).min() <= 1
    assert (crossed > 0).all()
    np.testing.assert_allclose(final.score(x), 0, atol=1e-6)


def test_rare_values_are_as_far_off_whatever_the_number_of_rows() -> None:
    """Else what learnt from four fifths of the rows, and sets thresholds, would find them nearer than the score."""
    distances = []
    for n in (240, 300):
        cells = {"kind": ["rare", *["a", "b"] * (n // 2)][:n], "size": np.zeros(n), "more": np.arange(n) % 2.0}
        encoding = TableEncoding.learn(cells, "kinds")
        knn = novelty.KNN().learn_columns(encoding).fit(encoding.encode(cells))
        distances.append(knn.score(encoding.encode({"kind": ["rare"], "size": np.zeros(1), "more": np.zeros(1)}))[0])
    assert distances[0] == pytest.approx(distances[1], rel=0.02)


def test_a_category_never_seen_has_no_factor_of_its_own_and_breaks_no_relation() -> None:
    # The currency's factor is a relation by groups; here the country does not give it away.
    normal, new = rows(1500, 0), rows(20, 5)
    for cells in (normal, new):
        del cells["country"]
    encoding = TableEncoding.learn(normal, "rows")
    scorer = novelty.Relations().learn_columns(encoding).fit(encoding.encode(normal))
    assert (scorer.categories_of_ >= 0).any()
    unknown = new | {"currency": ["XXX"] * 20, "paid": 3 * np.asarray(new["paid"], float)}
    broken = new | {"paid": 3 * np.asarray(new["paid"], float)}
    scores = scorer.score(encoding.encode(unknown))
    assert scores.max() < 5
    assert scorer.score(encoding.encode(broken)).min() > 20
