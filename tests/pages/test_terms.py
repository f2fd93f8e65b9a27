"""A word of the field is explained where it first stands on a page, and only there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from explorer.checkpoints import Checkpoint
from explorer.ui.widgets import terms


def test_a_word_is_explained_once_a_page() -> None:
    terms.new_page()
    first = terms.explanation("test ELBO -138.8 nats")
    assert first is not None
    assert first.startswith("**nats**: ")
    assert "**ELBO**: " in first
    assert terms.explanation("7.25 nats in all") is None
    terms.new_page()
    assert terms.explanation("7.25 nats in all") is not None


def test_a_part_that_runs_again_with_other_numbers_is_explained_again() -> None:
    terms.new_page()
    assert terms.explanation("PSNR 21.5 dB") == terms.explanation("PSNR 9 dB")


def test_only_whole_words_count() -> None:
    terms.new_page()
    assert terms.explanation("alternatives, a priority, discontinuity") is None
    assert terms.explanation("the posterior's ellipse") is not None


def test_every_explanation_is_a_sentence() -> None:
    assert len(terms.TERMS) > 10
    for term, (_, meaning) in terms.TERMS.items():
        assert meaning.endswith("."), term
        assert len(meaning) < 200, term


@pytest.mark.slow
@pytest.mark.parametrize("page", ["latent_space", "generate", "train"])
def test_pages_explain_their_words_where_they_first_stand(
    tiny_models: dict[str, Checkpoint], open_page: Callable[..., AppTest], page: str
) -> None:
    app = open_page(page, model="tiny-vae")
    captions = [*app.sidebar.caption, *app.main.caption]
    helps = [text for caption in captions if (text := caption.help)]
    assert any("**ELBO**" in text for text in helps)
    for term in terms.TERMS:
        assert sum(f"**{term}**" in text for text in helps) <= 1, term
