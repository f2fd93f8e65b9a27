"""The density check against exchangeable draws, figures by hand, and shipped models on codes of known kinds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from sklearn.neighbors import NearestNeighbors

from explorer import checkpoints, data, latent
from explorer.checkpoints import Checkpoint
from explorer.core.errors import ExplorerError
from explorer.latent.density_check import CheckedCode, DensityCheck, Reason, Verdict, encode_again
from explorer.latent.sampling import sample_prior

ROOT = Path(__file__).parents[2]
REAL = 1000
"""Codes that a check is fitted on."""


@pytest.fixture
def random():
    return np.random.default_rng(0)


def counts(checked: list[CheckedCode]) -> tuple[int, int]:
    """How many are not inside, and how many of these are made up."""
    verdicts = [code.verdict for code in checked]
    return len(verdicts) - verdicts.count(Verdict.INSIDE), verdicts.count(Verdict.MADE_UP)


def assert_as_promised(checked: list[CheckedCode], n_real: int) -> None:
    """Of fresh codes 5 % are not inside and 1 % made up, as closely as limits from ``n_real`` codes can have it.

    The number of m fresh exchangeable values above the k-th largest of n is beta-binomial(m, k, n + 1 - k).
    """
    for count, share in zip(counts(checked), (0.05, 0.01), strict=True):
        above = n_real + 1 - int(np.ceil((n_real + 1) * (1 - share)))
        low, high = stats.betabinom(len(checked), above, n_real + 1 - above).ppf([5e-4, 1 - 5e-4])
        assert low <= count <= high


@pytest.mark.parametrize("dimensions", [2, 16, 64])
@pytest.mark.parametrize("law", ["normal", "clusters", "heavy tails"])
def test_verdicts_on_fresh_codes_come_as_often_as_promised(law, dimensions, random):
    centres = 2 * random.standard_normal((10, dimensions))

    def draw(n):
        noise = random.standard_normal((n, dimensions))
        if law == "heavy tails":
            return noise / np.sqrt(random.chisquare(3, (n, 1)) / 3) * np.linspace(0.01, 5, dimensions)
        return noise if law == "normal" else centres[random.integers(10, size=n)] + 0.5 * noise

    real, fresh = draw(REAL), draw(4000)
    real_again, fresh_again = (z + 0.1 * np.square(z) * random.standard_normal(z.shape) for z in (real, fresh))
    assert_as_promised(DensityCheck().fit(real, real_again).check(fresh, fresh_again), REAL)
    assert_as_promised(DensityCheck().fit(real).check(fresh), REAL)


def test_the_three_figures_are_those_of_their_definition(random):
    real, again = random.standard_normal((2, 40, 3)) * [1, 2, 5] + 7
    z, z_again = random.standard_normal((2, 6, 3)) * 4 + 7
    check = DensityCheck().fit(real, again)

    # Of each real code by the others alone, one after the other.
    norms, distances = np.empty(40), np.empty(40)
    for i in range(40):
        others = np.delete(real, i, 0)
        norms[i] = np.linalg.norm((real[i] - others.mean(0)) / others.std(0))
        distances[i] = NearestNeighbors(n_neighbors=1).fit(others).kneighbors(real[i : i + 1])[0][0, 0]
    scales = [
        np.quantile(v, 0.95) for v in (np.abs(norms - norms.mean()), distances, np.linalg.norm(again - real, axis=1))
    ]
    np.testing.assert_allclose(check.scales_, scales)
    np.testing.assert_allclose(check.distances_, np.sort(distances))

    norm = np.linalg.norm((z - real.mean(0)) / real.std(0), axis=1)
    expected = [
        np.abs(norm - norms.mean()),
        np.linalg.norm(z[:, None] - real, axis=2).min(1),
        np.linalg.norm(z_again - z, axis=1),
    ]
    np.testing.assert_allclose(check.figures(z, z_again), np.transpose(expected) / scales)
    np.testing.assert_array_equal(check.figures(z)[:, 2], 0)


def test_the_reason_is_what_is_least_like_real_codes(random):
    shell = random.standard_normal((500, 20))
    shell /= np.linalg.norm(shell, axis=1, keepdims=True)
    again = shell + 0.01 * random.standard_normal(shell.shape)
    check = DensityCheck().fit(shell, again)
    middle, far, real = np.zeros((1, 20)), 9 * shell[:1], shell[:1]
    assert check.check(middle, middle) == [(Verdict.MADE_UP, Reason.NEAR_MIDDLE)]
    assert check.check(far, far) == [(Verdict.MADE_UP, Reason.FAR_OUT)]
    assert check.check(real, -real) == [(Verdict.MADE_UP, Reason.CHANGED)]
    assert check.check(real, real) == [(Verdict.INSIDE, None)]
    two = np.concatenate([random.normal(c, 0.1, (200, 2)) for c in ([-5, 0], [5, 0])])
    assert DensityCheck().fit(two).check(np.array([[0.0, 5.0]])) == [(Verdict.MADE_UP, Reason.ALONE)]


@pytest.mark.filterwarnings("error")
def test_where_no_dimension_counts_no_code_differs_from_real_ones(random):
    real, again = random.standard_normal((2, 40, 3))
    check = DensityCheck(np.zeros(3, bool)).fit(real, again)
    np.testing.assert_array_equal(check.figures(again, real), 0)
    assert check.check(9 * again, real) == [(Verdict.INSIDE, None)] * 40


def test_dimensions_that_do_not_count_do_not_count(random):
    real = random.standard_normal((300, 4)) * [1, 1, 1, 1e-3]
    again = real + 0.1 * random.standard_normal(real.shape)
    some, all_ = DensityCheck(np.array([True, True, True, False])), DensityCheck()
    z = real[:50] + np.array([0, 0, 0, 2.0])
    assert counts(some.fit(real, again).check(z, z))[0] <= 10
    assert counts(all_.fit(real, again).check(z, z))[1] == 50


def test_codes_whose_decoded_items_were_not_encoded_again_set_no_limits(random):
    real = random.standard_normal((400, 3))
    again = real + random.standard_normal(real.shape)
    some = again.copy()
    some[50:] = np.nan
    check = DensityCheck().fit(real, some)
    assert np.isfinite([check.edge_, check.far_, *check.scales_]).all()
    assert check.scales_[2] == pytest.approx(np.quantile(np.linalg.norm(again - real, axis=1)[:50], 0.95))
    assert len(check.distances_) == 400, "the nearest of all real codes counts"


def test_too_few_equal_or_constant_codes():
    with pytest.raises(ExplorerError, match="two real codes"):
        DensityCheck().fit(np.zeros((1, 2)))
    equal = np.ones((20, 3))
    checked = DensityCheck().fit(equal, equal).check(np.array([[1.0, 1, 1], [1, 1, 2]]), np.ones((2, 3)))
    assert [code.verdict for code in checked] == [Verdict.INSIDE, Verdict.MADE_UP]


# --- Shipped models ---------------------------------------------------------------------------------------------------


class Shipped:
    """A shipped model with a check on some of its held-out codes, and the others fresh."""

    def __init__(self, name: str, dataset: str) -> None:
        self.checkpoint: Checkpoint = checkpoints.load(ROOT / "checkpoints" / f"{name}.safetensors")
        codes = self.checkpoint.encode(data.dataset(dataset).x).astype(np.float64)
        order = np.random.default_rng(1).permutation(len(codes))
        self.real, self.fresh = codes[order[:REAL]], codes[order[REAL : REAL + 3000]]
        active = np.ones(codes.shape[1], bool)
        if self.checkpoint.is_variational:
            active[[d.index for d in latent.dimension_order(self.checkpoint.card) if not d.active]] = False
        self.check = DensityCheck(active).fit(self.real, encode_again(self.checkpoint, self.real))

    def checked_codes(self, z: np.ndarray) -> list[CheckedCode]:
        return self.check.check(z, encode_again(self.checkpoint, z))


SHIPPED = {
    "mnist-vae-2d": "mnist-sample",
    "mnist-conv-vae-16d": "mnist-sample",
    "fashion-conv-vae-16d": "fashion-mnist-sample",
    "mnist-undercomplete-32d": "mnist-sample",
}


@pytest.fixture(scope="module", params=list(SHIPPED))
def shipped(request: pytest.FixtureRequest) -> Shipped:
    return Shipped(request.param, SHIPPED[request.param])


def test_fresh_real_codes_of_a_shipped_model_are_called_wrong_in_5_and_1_of_100(shipped):
    assert_as_promised(shipped.checked_codes(shipped.fresh), REAL)


def test_the_middle_of_many_dimensions_is_not_inside_and_that_of_two_is(shipped):
    middles = np.stack([np.zeros(shipped.checkpoint.latent_dim), shipped.real.mean(0)])
    verdicts = [code.verdict for code in shipped.checked_codes(middles)]
    if shipped.checkpoint.latent_dim == 2:
        assert verdicts == [Verdict.INSIDE, Verdict.INSIDE]
    elif shipped.checkpoint.is_variational:
        assert verdicts == [Verdict.MADE_UP, Verdict.MADE_UP]
        assert shipped.check.check(middles[:1])[0].reason is Reason.NEAR_MIDDLE, "without encoding again as well"
    else:
        assert Verdict.INSIDE not in verdicts


def test_far_codes_are_made_up(shipped):
    directions = shipped.fresh[:200] - shipped.real.mean(0)
    far = shipped.real.mean(0) + 8 * shipped.real.std() * directions / np.linalg.norm(directions, axis=1, keepdims=True)
    far *= np.sqrt(shipped.checkpoint.latent_dim)
    assert counts(shipped.checked_codes(far))[1] == 200


def test_draws_from_the_prior_are_not_all_called_real(shipped):
    if not shipped.checkpoint.is_variational:
        pytest.skip("no prior")
    outside, made_up = counts(shipped.checked_codes(sample_prior(shipped.checkpoint, 1000, seed=3).astype(np.float64)))
    if shipped.checkpoint.latent_dim == 2:
        assert outside < 150, "the codes fill the plane as the prior does"
    else:
        assert outside > 500
        assert made_up > 150
