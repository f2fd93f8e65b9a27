"""What is exported reads back as it was, and the Python that pages show runs and gives what it says."""

from __future__ import annotations

import csv
import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from explorer import checkpoints, export
from explorer.evaluation import evenly_spaced
from explorer.recipe import Recipe


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
    text = export.codes_csv(codes, np.arange(10, 15), np.array([0, 1, 1, 0, 7]), ["cat, grey", "dog"]).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
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


def test_recipe_reads_back(digits_vae, tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(export.recipe_toml(digits_vae.card.recipe), encoding="utf-8")
    assert Recipe.from_toml(path) == digits_vae.card.recipe


@pytest.mark.parametrize("split", ["test", "other data"])
def test_map_code(saved, digits, digits_autoencoder, split):
    names = run(export.latent_space_code(saved["plain"], "digits", split, "pca"))
    x = digits.test.x if split == "test" else digits.x
    np.testing.assert_allclose(names["z"], digits_autoencoder.encode(x), atol=1e-5)
    assert names["places"].shape == (len(x), 2)


def test_map_code_of_a_pair_and_of_some_items(saved, digits, digits_autoencoder):
    names = run(export.latent_space_code(saved["plain"], "digits", "test", "pair", pair=(3, 1), items=50))
    codes = digits_autoencoder.encode(evenly_spaced(digits.test.x, 50))
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


@pytest.mark.parametrize("name", ["vae", "plain"])
def test_sample_code(saved, name):
    code = export.sample_code(saved[name], "digits", 6, seed=3, temperature=0.9, variational=name == "vae")
    names = run(code)
    assert names["pictures"].shape == (6, 1, 8, 8)
    np.testing.assert_array_equal(run(code)["z"], names["z"])


def test_denoise_code(saved):
    names = run(export.denoise_code(saved["plain"], "digits", "test", {"kind": "gaussian", "sigma": 0.5}))
    assert names["figures"].psnr_after.mean() > names["figures"].psnr_before.mean()


def test_novelty_code(saved, digits):
    names = run(export.novelty_code(saved["plain"], "digits", "reconstruction-error", 0.1))
    assert names["alarms"].mean() == pytest.approx(0.1, abs=0.08)


def test_compare_code(saved, digits, digits_vae):
    errors = run(export.compare_code(list(saved.values()), "digits"))["errors"]
    assert errors[saved["vae"]] == pytest.approx(digits_vae.reconstruction_errors(digits.test.x).mean(), rel=1e-5)


def test_train_code(tmp_path):
    recipe = Recipe.parse(
        {
            "name": "copied",
            "data": {"dataset": "wine"},
            "model": {"family": "undercomplete", "hidden": [8]},
            "corruption": {"kind": "gaussian", "sigma": 0.1},
            "training": {"epochs": 1},
        }
    )
    path = tmp_path / "it's.safetensors"
    assert run(export.train_code(recipe, str(path)))["recipe"] == recipe
    assert checkpoints.load(path).card.recipe == recipe
