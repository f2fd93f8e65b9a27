"""Pages over a decoder that is too large for the browser: the server decodes, the page says so, no weights are sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from explorer.browser import pack
from explorer.checkpoints import Checkpoint, VectorCheckpoint, affordable
from explorer.models import work
from explorer.ui.latent_space import map_layers

OpenPage = Callable[..., AppTest]


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-plain", "tiny-table"])
@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("home", {}),
        ("latent_space", {}),
        ("latent_space", {"projection": "Two dimensions"}),
        ("generate", {"view": "Sliders"}),
        ("generate", {"view": "Interpolate"}),
    ],
    ids=str,
)
def test_the_server_decodes_and_the_page_says_so(
    tiny_models: dict[str, Checkpoint],
    open_page: OpenPage,
    forgotten_packs: None,
    monkeypatch: pytest.MonkeyPatch,
    page: str,
    query: dict[str, str],
    model: str,
) -> None:
    monkeypatch.setattr(pack, "MAX_BYTES", 0)
    app = open_page(page, model=model, **query)
    assert not app.exception
    assert not app.error
    sent = {component.proto.component_name: component.proto.bytes for component in app.main.get("bidi_component")}
    [note] = [content for name, content in sent.items() if name.endswith("served")]
    assert b"MiB of weights; live decoding stops at 0 MiB." in note
    assert b"The server decodes while you drag" in note
    assert [name for name, content in sent.items() if b"AEXP" in content] == []


def test_the_map_says_where_fewer_codes_are_decoded_unasked(
    tiny_models: dict[str, Checkpoint], open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = tiny_models["tiny-plain"]
    assert isinstance(checkpoint, VectorCheckpoint)
    monkeypatch.setattr(affordable, "WORK", 50 * work.decoding_work(checkpoint.model, checkpoint.latent_dim))
    app = open_page("latent_space", model="tiny-plain", layers=map_layers.UNDER)
    said = " ".join(element.value for element in (*app.main.caption, *app.main.markdown))
    assert "7 x 7 " in said
    assert said.count("Fewer places than usual, since this decoder needs ") == 2
    assert "items of a model that takes this long, only a click shows a reconstruction." in said
