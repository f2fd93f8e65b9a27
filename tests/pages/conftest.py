"""Pages in their frame, without a browser."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Iterator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from explorer import checkpoints
from explorer.browser import pack
from explorer.checkpoints import Checkpoint, VectorCheckpoint
from explorer.data import Dataset, dataset
from explorer.recipe import Recipe
from explorer.training import train

OpenPage = Callable[..., AppTest]
TINY = ("tiny-vae", "tiny-plain", "tiny-table")


def _framed(page: str) -> None:
    """The sidebar and one page, as the frame draws them: AppTest does not follow ``st.navigation`` over reruns."""
    import runpy

    from explorer.core.errors import ExplorerError
    from explorer.ui.shell import frame
    from explorer.ui.shell.sidebar import sidebar

    frame._drawn.set(True)
    frame.navigation()  # so that pages can link to one another
    try:
        sidebar()
        runpy.run_path(str(frame.page_file(page)))
    except ExplorerError as error:
        frame.show_error(error)


def warnings_of(app: AppTest) -> list[str]:
    """What a page warns of, without the findings of the tiny models' trainings in the sidebar."""
    return [warning.value for warning in app.warning if "The Train page says more" not in warning.value]


def words(app: AppTest) -> str:
    """What a page says in its body, as Markdown."""
    return "\n".join(e.value for kind in ("caption", "markdown", "error", "info") for e in app.main.get(kind))


@pytest.fixture
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """An empty folder whose checkpoints the app finds first."""
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path))
    return tmp_path


def trained_on_table(folder: pathlib.Path, name: str, text: str) -> Checkpoint:
    """A small model trained on a table that lies on this machine; both lie in the folder under this name."""
    path = folder / f"{name}.csv"
    path.write_text(text)
    recipe = Recipe.parse(
        {
            "name": name,
            "data": {"dataset": str(path)},
            "model": {"family": "undercomplete", "hidden": [4], "latent_dim": 2},
            "training": {"epochs": 1, "device": "cpu"},
        }
    )
    *_, last = train(recipe, recipe.data.open())
    checkpoints.save(last.checkpoint, folder / f"{name}.safetensors")
    return last.checkpoint


def own(app: AppTest) -> Dataset:
    """The one dataset of the visitor's own."""
    [dataset] = app.session_state["user_datasets"].values()
    return dataset


@pytest.fixture
def forgotten_packs() -> Iterator[None]:
    """No decoder that was packed for a browser before, and none that is packed here after it."""
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def weak_browser(forgotten_packs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if no decoder could run in the browser."""
    monkeypatch.setattr(pack, "MAX_MULTIPLY_ADDS", 0)


@pytest.fixture
def open_page() -> OpenPage:
    """Call it with a page's name, and what stands in the link: ``open_page("learn", model="tiny-variational")``."""

    def open_page(page: str, **query: str) -> AppTest:
        app = AppTest.from_function(_framed, args=(page,), default_timeout=60)
        for key, value in query.items():
            app.query_params[key] = value
        return app.run()

    return open_page


@pytest.fixture
def tiny_models(
    tmp_path: pathlib.Path,
    monkeypatch: pytest.MonkeyPatch,
    digits_vae: Checkpoint,
    digits_autoencoder: Checkpoint,
    table_autoencoder: Checkpoint,
) -> dict[str, Checkpoint]:
    """Small trained checkpoints under their names in ``TINY``: a 2-D code, a 4-D code, and one of table rows."""
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "models"))
    models = {}
    for name, trained in zip(TINY, (digits_vae, digits_autoencoder, table_autoencoder), strict=True):
        # Under names of their own, since the pickers show names, and two of the three are of one family.
        recipe = trained.card.recipe.model_copy(update={"name": name})
        models[name] = VectorCheckpoint(trained.model, trained.card.model_copy(update={"recipe": recipe}))
        checkpoints.save(models[name], tmp_path / "models" / f"{name}.safetensors")
    return models


@pytest.fixture(scope="session")
def photo_denoiser() -> Checkpoint:
    """A photo denoiser that has hardly been trained: it starts from the noisy picture itself."""
    values = {
        "name": "tiny-photo",
        "data": {"dataset": "digits", "limit": 32},
        "model": {"family": "photo", "widths": [4], "latent_dim": 4, "blocks": 1},
        "training": {"epochs": 1},
    }
    *_, last = train(Recipe.parse(values), dataset("digits"))
    return last.checkpoint


@pytest.fixture
def photo_page(open_page: OpenPage, folder: pathlib.Path, photo_denoiser: Checkpoint) -> AppTest:
    """The Denoise page with ``photo_denoiser``."""
    checkpoints.save(photo_denoiser, folder / "tiny-photo.safetensors")
    return open_page("denoise", model="tiny-photo")
