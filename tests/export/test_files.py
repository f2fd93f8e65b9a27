"""What is exported reads back as it was, and the Python that pages show runs and gives what it says."""

from __future__ import annotations

import csv
import io
import zipfile
from functools import partial

import numpy as np
import pytest
from PIL import Image
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture

from explorer import checkpoints, denoising, evaluation, export, novelty
from explorer.core.row_samples import spread_sample
from explorer.data import dataset
from explorer.export import novelty_python
from explorer.noise import GaussianNoise
from explorer.novelty.fitting import Parts, of_checkpoint


@pytest.fixture
def random():
    return np.random.default_rng(0)


@pytest.fixture(scope="module")
def saved(digits_autoencoder, digits_vae, tmp_path_factory):
    """Paths of the two digit checkpoints."""
    folder = tmp_path_factory.mktemp("exported")
    models = {"plain": digits_autoencoder, "vae": digits_vae}
    return {name: str(checkpoints.save(c, folder / f"{name}.safetensors")) for name, c in models.items()}


def run(code):
    """The names that a piece of Python leaves behind."""
    names: dict = {}
    exec(compile(code, "copied", "exec"), names)  # noqa: S102 - that it runs is what is tested
    return names


def test_codes_as_csv_keep_every_digit(random):
    codes = random.standard_normal((5, 3)).astype(np.float32)
    columns = export.code_columns(codes, np.arange(10, 15), np.array([0, 1, 1, 0, 7]), ["cat, grey", "dog"])
    rows = list(csv.DictReader(io.StringIO(export.csv_bytes(columns).decode())))
    assert list(rows[0]) == ["index", "label", "z1", "z2", "z3"]
    assert [row["label"] for row in rows] == ["cat, grey", "dog", "dog", "cat, grey", "7"]
    assert [row["index"] for row in rows] == ["10", "11", "12", "13", "14"]
    read = np.array([[row[f"z{d}"] for d in (1, 2, 3)] for row in rows], np.float32)
    np.testing.assert_array_equal(read, codes)


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        export.csv_bytes({"a": [1, 2], "b": [1]})


def test_npz_reads_back_without_pickle(random):
    codes = random.standard_normal((5, 3))
    with np.load(io.BytesIO(export.npz_bytes(codes=codes, labels=np.arange(5))), allow_pickle=False) as read:
        np.testing.assert_array_equal(read["codes"], codes)
        assert read["labels"].tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="objects"):
        export.npz_bytes(bad=np.array([object()]))


def test_zip_holds_every_picture_under_a_safe_name(random):
    images = random.integers(0, 256, (4, 3, 5, 6), dtype=np.uint8)
    archive = zipfile.ZipFile(io.BytesIO(export.images_zip(images, ["a", "a", "../../etc/x", ""])))
    assert archive.namelist() == ["a.png", "a (2).png", "-..-etc-x.png", "image.png"]
    read = np.asarray(Image.open(io.BytesIO(archive.read("a (2).png"))))
    np.testing.assert_array_equal(read, images[1].transpose(1, 2, 0))
    assert zipfile.ZipFile(io.BytesIO(export.images_zip(images))).namelist()[3] == "00003.png"


@pytest.mark.parametrize("split", ["test", "other data"])
def test_map_code(saved, digits, digits_autoencoder, split):
    names = run(export.latent_space_code(saved["plain"], "digits", split, "pca"))
    x = digits.test.x if split == "test" else digits.x
    np.testing.assert_allclose(names["z"], digits_autoencoder.encode(x), atol=1e-5)
    assert names["places"].shape == (len(x), 2)


def test_map_code_of_a_pair_and_of_some_items(saved, digits, digits_autoencoder):
    names = run(export.latent_space_code(saved["plain"], "digits", "test", "pair", pair=(3, 1), items=50))
    codes = digits_autoencoder.encode(spread_sample(digits.test.x, 50))
    np.testing.assert_allclose(names["places"], codes[:, [3, 1]], atol=1e-5)


def test_decode_code(saved, digits_vae):
    names = run(export.decode_code(saved["vae"], np.array([0.25, -1])))
    np.testing.assert_allclose(names["picture"], digits_vae.decode([[0.25, -1]])[0], atol=1e-6)


@pytest.mark.parametrize("kind", ["linear", "spherical", "data"])
def test_interpolate_code(saved, digits, digits_vae, kind):
    pictures = run(export.interpolate_code(saved["vae"], "digits", [5, 900, 41], 9, kind, "length"))["pictures"]
    assert len(pictures) == 9
    np.testing.assert_allclose(pictures[[0, -1]], digits_vae.decode(digits_vae.encode(digits.x[[5, 41]])), atol=1e-4)
    if kind != "data":
        z = np.array([[0.0, 1], [1, 0]])
        pictures = run(export.interpolate_code(saved["vae"], "", z, 5, kind))["pictures"]
        np.testing.assert_allclose(pictures[[0, -1]], digits_vae.decode(z), atol=1e-6)
    for words in ({"kind": "__import__('os')"}, {"spacing": "'"}):
        with pytest.raises(ValueError, match="no path"):
            export.interpolate_code(saved["vae"], "digits", [0, 1], 3, **words)


def test_sample_code_of_a_prior(saved):
    """Standard normal numbers, by their moments; the first of as many as were drawn are decoded."""
    names = run(export.sample_code(saved["vae"], 6, seed=3, temperature=0.5, source="prior", drawn=20_000))
    assert names["z"].shape == (20_000, 2)
    np.testing.assert_allclose(names["z"].mean(0), 0, atol=4 * 0.5 / np.sqrt(20_000))
    np.testing.assert_allclose(np.cov(names["z"].T), 0.25 * np.eye(2), atol=0.02)
    np.testing.assert_allclose(names["pictures"], names["model"].decode(names["z"][:6]), atol=1e-6)


@pytest.mark.slow
def test_sample_code_of_a_mixture(saved, digits, digits_autoencoder):
    """What EM fits has the mean and covariance of the codes; without temperature samples are scikit-learn's means."""
    code = partial(export.sample_code, saved["plain"], source="mixture", dataset="digits", split="test")
    codes = digits_autoencoder.encode(digits.test.x)
    z = run(code(20_000, seed=3, temperature=1.0))["z"]
    spread = np.cov(codes.T)
    np.testing.assert_allclose(z.mean(0), codes.mean(0), atol=5 * np.sqrt(spread.diagonal().max() / 20_000))
    np.testing.assert_allclose(np.cov(z.T), spread, atol=0.05 * spread.diagonal().max())
    names = run(code(500, seed=3, temperature=0.0, items=200))
    assert len(names["x"]) == 200
    means = GaussianMixture(
        names["mixture"].n_components_, random_state=0, reg_covar=1e-6 * names["model"].encode(names["x"]).var(0).mean()
    ).fit(names["model"].encode(names["x"]).astype(np.float64)).means_  # fmt: skip
    assert np.abs(names["z"][:, None] - means).sum(2).min(1).max() < 1e-3


def test_sample_code_of_a_card(saved, digits_autoencoder):
    names = run(export.sample_code(saved["plain"], 20_000, seed=3, temperature=2.0, source="card"))
    known = digits_autoencoder.card.latent
    np.testing.assert_allclose(names["z"].mean(0), known.mean, atol=0.05 * max(known.std))
    np.testing.assert_allclose(names["z"].std(0), 2 * np.array(known.std), rtol=0.03)


def test_traversal_code(saved, digits_vae):
    names = run(export.traversal_code(saved["vae"], [0.25, -1], {1: (-2.0, 1.0)}, 4))
    assert list(names["pictures"]) == [1]
    expected = digits_vae.decode([[0.25, -2], [0.25, -1], [0.25, 0], [0.25, 1]])
    np.testing.assert_allclose(names["pictures"][1], expected, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("by_means", [True, False])
def test_attribute_code(saved, digits, digits_autoencoder, by_means):
    """The direction of the means is their difference; the probe's has the place where its odds are even half way."""
    names = run(export.attribute_code(saved["plain"], "digits", ("", "0"), by_means, 1000))
    labels = digits.labels[digits.splits.test]
    assert (len(names["rows_a"]), len(names["rows_b"])) == ((labels != 0).sum(), (labels == 0).sum())
    a, b = names["probe"].fitted_a_, names["probe"].fitted_b_
    step = b.mean(0) - a.mean(0)
    if by_means:
        np.testing.assert_allclose(names["direction"], step, atol=1e-5)
    else:
        assert names["direction"] @ step > 0
        assert not np.allclose(names["direction"], step, atol=1e-2)
    assert names["accuracy"].value > 0.9
    rows = names["rows_b"][:30].tolist()
    listed = run(export.attribute_code(saved["plain"], "digits", ("", rows), by_means, 1000))
    assert listed["rows_b"].tolist() == rows
    assert not np.intersect1d(listed["rows_a"], rows).size


@pytest.mark.parametrize("encoder", [False, True])
def test_vectors_code(saved, encoder, digits, digits_autoencoder):
    """Standardised vectors have mean 0 and deviation 1; places are scikit-learn's principal components."""
    data = "digits" if encoder else "breast-cancer"
    code = export.vectors_code(data, "standardised", "pca", encoder=saved["plain"] if encoder else "")
    names = run(code)
    own = digits_autoencoder.encode(digits.x) if encoder else dataset("breast-cancer").x
    standard = (own - own.mean(0)) / own.std(0)
    np.testing.assert_allclose(names["z"], standard, atol=2e-3)
    np.testing.assert_allclose(np.abs(names["places"]), np.abs(PCA(2).fit_transform(standard)), atol=0.02)
    some = run(export.vectors_code(data, items=40, encoder=saved["plain"] if encoder else ""))
    np.testing.assert_allclose(some["z"], spread_sample(own, 40), rtol=1e-5, atol=1e-5)


def test_detector_code(digits, digits_autoencoder, tmp_path):
    splits = novelty.normal_splits(digits_autoencoder, digits, ("0", "1"))
    parts = Parts(splits.fit, np.empty(0, np.int64), splits.calibrate)
    detector = of_checkpoint(digits_autoencoder, digits, parts, "reconstruction-error")
    path = str(detector.save(tmp_path / "mine.safetensors"))
    names = run(export.novelty_code(novelty_python.saved(path, "digits"), 30.0))
    expected = digits_autoencoder.reconstruction_errors(digits.test.x)
    np.testing.assert_allclose(names["scores"], expected, rtol=1e-4)
    assert names["alarms"].sum() == pytest.approx((expected > 30).sum(), abs=1)
    some = run(export.novelty_code(novelty_python.saved(path, "digits", "other data", 50), 30.0))
    np.testing.assert_allclose(
        some["scores"], digits_autoencoder.reconstruction_errors(spread_sample(digits.x, 50)), rtol=1e-4
    )


def test_denoise_code(saved, digits, digits_autoencoder):
    noise = GaussianNoise(sigma=0.5)
    names = run(export.denoise_code(saved["plain"], "digits", "test", noise.model_dump(), seed=3, items=40))
    x = spread_sample(digits.test.x, 40)
    x_noisy = denoising.add_noise(x, noise, 3)
    expected = denoising.compare(x, x_noisy, denoising.denoise(digits_autoencoder, x_noisy))
    np.testing.assert_allclose(names["figures"].psnr_after, expected.psnr_after, rtol=1e-5)
    assert expected.psnr_after.mean() > expected.psnr_before.mean()


def test_novelty_code(saved, digits, digits_autoencoder):
    classes = ("0", "1", "2")
    splits = novelty.normal_splits(digits_autoencoder, digits, classes)
    errors = {
        name: digits_autoencoder.reconstruction_errors(digits.x[rows])
        for name, rows in (
            ("normal", splits.test),
            ("novel", novelty.novel_rows(digits_autoencoder, digits, classes)),
        )
    }
    threshold = float(np.median(errors["novel"]))
    asked = saved["plain"], "digits", "reconstruction-error"
    names = run(export.novelty_code(novelty_python.fitted_of_model(*asked, classes, "digits"), threshold))
    both = np.concatenate(list(errors.values()))
    np.testing.assert_allclose(names["scores"], both, rtol=1e-4)
    assert names["alarms"].sum() == pytest.approx((both > threshold).sum(), abs=1)
    assert 0 < names["alarms"].mean() < 1
    alone = run(export.novelty_code(novelty_python.fitted_of_model(*asked), threshold))
    assert len(alone["scores"]) == len(novelty.normal_splits(digits_autoencoder, digits, ()).test)


def test_compare_code(saved, digits, digits_autoencoder, digits_vae):
    errors = run(export.compare_code(list(saved.values()), "digits", ["3", "8"]))["errors"]
    rows = spread_sample(evaluation.training_rows(digits, ("3", "8"), "test"), 500)
    for checkpoint in (digits_autoencoder, digits_vae):
        expected = checkpoint.reconstruction_errors(digits.x[rows]).mean()
        assert errors[checkpoint.name] == pytest.approx(expected, rel=1e-5)
    assert {name for name in errors if name.startswith("pca")} == {"pca-2", "pca-4"}
