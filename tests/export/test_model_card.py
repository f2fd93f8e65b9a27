"""A model's card as Hugging Face's own library reads it, and whatever a name may hold."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import yaml
from huggingface_hub import ModelCard
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from explorer import checkpoints
from explorer.checkpoints import Checkpoint
from explorer.cli import app
from explorer.export.model_card import marked, model_card

EVIL = "---\nlicense: gpl # <script>alert(1)</script> [a](javascript:b) \u2028\u0085\x07 | ![x](y) 'q' \"p\" 😀"


@pytest.mark.parametrize("name", ["mnist-vae-2d", "photo-denoiser-grey", "breast-cancer-undercomplete"])
def test_the_hub_s_library_reads_the_figures(name: str) -> None:
    card = checkpoints.load_card(name)
    read = ModelCard(model_card(card))
    assert (read.data.license, read.data.library_name) == ("mit", "autoencoder-explorer")
    results = read.data.eval_results
    assert results is not None
    assert {(r.metric_type, r.metric_value, r.dataset_split, r.dataset_name) for r in results} == {
        (m.name, m.value, m.split, card.data.title) for m in card.metrics
    }
    assert read.data.pipeline_tag == ("image-to-image" if name.startswith("photo") else "feature-extraction")
    for metric in card.metrics:
        assert f"| {metric.split} | {metric.n:,} |" in read.text


def test_its_python_names_the_file_beside_it(digits_vae: Checkpoint, tmp_path: Path) -> None:
    text = model_card(digits_vae.card)
    code = re.search("```python\n(.*?)```", text, re.DOTALL)
    assert code is not None
    checkpoints.save(digits_vae, tmp_path / f"{digits_vae.card.name}.safetensors")
    names: dict[str, object] = {"x": np.zeros((1, 1, 8, 8), np.float32)}
    source = code[1].replace(f"'{digits_vae.card.name}", f"'{tmp_path}/{digits_vae.card.name}")
    exec(compile(source, "card", "exec"), names)  # noqa: S102 - that it runs is what is tested
    assert names["z"].shape == (1, 2)  # type: ignore[attr-defined]


@given(st.text(max_size=60))
@settings(max_examples=30)
def test_any_name_stays_within_its_quotes(text: str) -> None:
    recipe = checkpoints.load_card("mnist-vae-2d").recipe
    card = checkpoints.load_card("mnist-vae-2d")
    title = text.encode(errors="replace").decode()
    data = card.data.model_copy(update={"title": title, "name": title})
    head = model_card(card.model_copy(update={"data": data, "recipe": recipe})).split("\n---\n")[0]
    read = yaml.safe_load(head)
    assert read["model-index"][0]["results"][0]["dataset"] == {"type": title, "name": title, "split": "test"}


def test_a_stranger_s_words_stay_words() -> None:
    card = checkpoints.load_card("mnist-vae-2d")
    recipe = card.recipe.model_copy(update={"title": EVIL})
    text = model_card(card.model_copy(update={"licence": EVIL, "recipe": recipe, "origin": EVIL}))
    read = ModelCard(text)
    assert read.data.license == "other"
    body = text.split("\n---\n", 1)[1].split("## Recipe")[0]
    assert "<script" not in body
    assert "](" not in body
    assert "# \\-\\-\\- license: gpl \\#" in body


def test_marks_are_escaped() -> None:
    assert marked("a*b_c <i> & `d`\n# e") == r"a\*b\_c &lt;i&gt; &amp; \`d\` \# e"


def test_the_command_writes_it_and_not_over_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run = CliRunner()
    assert run.invoke(app, ["export", "mnist-vae-2d", "--card", "README.md"]).exit_code == 0
    assert (tmp_path / "README.md").read_text() == model_card(checkpoints.load_card("mnist-vae-2d"))
    again = run.invoke(app, ["export", "mnist-vae-2d", "--card", "README.md"])
    assert again.exit_code == 1
    assert "There is a file README.md already" in again.stderr
    assert run.invoke(app, ["export", "mnist-vae-2d"]).exit_code == 1
    streamed = run.invoke(app, ["export", "mnist-vae-2d", "--card", "-"])
    assert streamed.stdout.startswith("---\nlicense")
