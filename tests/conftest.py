"""Set-up that every test shares: shape checks, few threads, and no file outside a temporary folder."""

from __future__ import annotations

import functools
import importlib
import os
import pathlib
import pkgutil
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import hypothesis
import numpy as np
import pytest
from jaxtyping import install_import_hook

from tests import type_checks

if TYPE_CHECKING:
    from explorer.checkpoints import Checkpoint
    from explorer.data import Dataset

# Before the first import of the package: every call in it then checks its types and its jaxtyping shapes; in what shows
# and prints, whose tests hand over stand-ins, the shapes alone.
SHOWS = ("ui", "browser")
PARTS = [part.name for part in pkgutil.iter_modules([str(pathlib.Path(__file__).parents[1] / "explorer")])]
install_import_hook(
    [f"explorer.{part}" for part in PARTS if part not in SHOWS],
    f"{type_checks.__name__}.{type_checks.checked.__name__}",
)
install_import_hook(
    [f"explorer.{part}" for part in SHOWS], f"{type_checks.__name__}.{type_checks.shapes_checked.__name__}"
)

import torch  # noqa: E402

ROOT = pathlib.Path(__file__).parents[1]
DATA_FOLDER = os.environ.pop("EXPLORER_DATA", "")
PROCESSES, WITHOUT_BROWSER = 3, 2
"""For the whole suite or whole folders, on two cores: browser tests wait much of their time; the others never do, and
each process takes many seconds to begin."""

torch.set_num_threads(1)  # tests, app, training and browser share few cores
# UMAP's numba tells OpenMP how many threads there are, and with it PyTorch: convolutions then wait for one another.
os.environ["NUMBA_NUM_THREADS"] = "1"
hypothesis.settings.register_profile("explorer", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("explorer")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Some processes; none beside pytest's own for single files, which are done before another one has started."""
    if any(".py" in argument for argument in config.args):
        return 0
    return WITHOUT_BROWSER if "not slow" in config.option.markexpr else PROCESSES


def pytest_collection_finish() -> None:
    """Where pages are tested, Streamlit looks once for components among what is installed, not for each ``AppTest``.

    It reads the metadata of every package for it: two thirds of the time of a test that opens one page.
    """
    if "streamlit.testing.v1" in sys.modules:
        scanner = importlib.import_module("streamlit.components.v2.manifest_scanner")
        scanner.scan_component_manifests = functools.cache(scanner.scan_component_manifests)  # type: ignore[attr-defined]


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Folders for downloads, new checkpoints and runs, so that no test (or app under test) touches the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("EXPLORER_CACHE", "EXPLORER_CHECKPOINTS", "EXPLORER_RUNS"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        patch.setenv(
            "EXPLORER_WARM", "0"
        )  # a process that waits takes seconds to load, for a training that never comes
        yield


@pytest.fixture(autouse=True)
def same_numbers(request: pytest.FixtureRequest) -> None:
    """A module's ``RNG`` begins anew: a test's numbers do not depend on which tests ran before it in its process."""
    generator = getattr(request.module, "RNG", None)
    if isinstance(generator, np.random.Generator):
        generator.bit_generator.state = np.random.default_rng(0).bit_generator.state


@pytest.fixture(scope="session")
def root() -> pathlib.Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture
def data_folder(monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """The folder of full-size datasets named by EXPLORER_DATA; a test that asks for it is skipped without."""
    if not DATA_FOLDER:
        pytest.skip("EXPLORER_DATA names no folder of full-size datasets")
    monkeypatch.setenv("EXPLORER_DATA", DATA_FOLDER)
    return pathlib.Path(DATA_FOLDER)


def _trained(dataset: str, epochs: int, **model: object) -> Checkpoint:
    from explorer.data import dataset as load_dataset
    from explorer.recipe import Recipe
    from explorer.training import train
    from explorer.training.events import Finished

    values = {
        "name": f"tiny-{model['family']}",
        "data": {"dataset": dataset},
        "model": model,
        "training": {"epochs": epochs, "learning_rate": 5e-3, "device": "cpu"},
    }
    *_, last = train(Recipe.parse(values), load_dataset(dataset))
    assert isinstance(last, Finished)
    assert last.checkpoint is not None
    return last.checkpoint


@pytest.fixture(scope="session")
def digits() -> Dataset:
    """scikit-learn's 1,797 digits, 8x8."""
    from explorer.data import dataset

    return dataset("digits")


@pytest.fixture(scope="session")
def digits_autoencoder() -> Checkpoint:
    """A small plain autoencoder with a 4-D code, trained on digits for a second or two."""
    return _trained("digits", 25, family="undercomplete", hidden=[64], latent_dim=4)


@pytest.fixture(scope="session")
def digits_vae() -> Checkpoint:
    """A small variational autoencoder with a 2-D code, trained on digits for a second or two."""
    return _trained("digits", 25, family="variational", hidden=[64], latent_dim=2)


@pytest.fixture(scope="session")
def table_autoencoder() -> Checkpoint:
    """A small autoencoder of the breast-cancer table, trained on all its classes."""
    return _trained("breast-cancer", 20, family="undercomplete", hidden=[16], latent_dim=3)
