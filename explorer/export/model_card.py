"""A model's card as Markdown with YAML at its head, as Hugging Face's hub reads it from a README beside the weights.

The YAML is written as JSON, which it contains: no text of a stranger can leave its quotes.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator

from explorer.checkpoints import Card, Metric
from explorer.core.version import VERSION
from explorer.core.written import three_digits

LIBRARY = "autoencoder-explorer"
MIT = "Weights: MIT."
"""How the licence of a model begins that this program trained."""
_ESCAPED = re.compile("[^\t\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029]")
"""Signs that YAML wants escaped."""
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|~$-])")


def model_card(card: Card) -> str:
    """The card of a checkpoint as a README.

    Figures are those of the card, with their split; nothing is measured here. What tools that push it ask for
    beyond it, the name of an owner above all, is theirs.

    Source: the hub's documentation of model cards; ``huggingface_hub.ModelCard`` reads it (the tests ask it to).
    """
    head = "\n".join(f"{name}: {_yaml(value)}" for name, value in _head(card).items())
    return f"---\n{head}\n---\n\n" + "\n".join(_body(card)) + "\n"


def _yaml(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _head(card: Card) -> dict[str, object]:
    is_mit = card.licence.startswith(MIT)
    head: dict[str, object] = {"license": "mit" if is_mit else "other"}
    if not is_mit:
        head["license_name"] = "see-below"
    denoises = card.recipe.corruption is not None or card.code_size is None
    family = card.recipe.model.family
    kinds = ("autoencoder", f"{card.recipe.model.family}-autoencoder", "denoising" if denoises else "", card.data.kind)
    head |= {
        "library_name": LIBRARY,
        "pipeline_tag": "image-to-image" if denoises and card.data.kind == "image" else "feature-extraction",
        "tags": [tag for tag in dict.fromkeys(kinds) if tag],
    }
    results = [_result(card, metric, family) for metric in card.metrics if math.isfinite(metric.value)]
    if results:
        head["model-index"] = [{"name": card.name, "results": results}]
    return head


def _result(card: Card, metric: Metric, family: str) -> dict[str, object]:
    figure = {"type": metric.name, "name": f"{metric.name} ({metric.unit})", "value": metric.value}
    dataset = {"type": card.data.name, "name": card.data.title, "split": metric.split}
    return {
        "task": {"type": "reconstruction", "name": f"{family} autoencoder"},
        "dataset": dataset,
        "metrics": [figure],
    }


def _body(card: Card) -> Iterator[str]:
    model, data = card.recipe.model, card.data
    code = "" if card.code_size is None else f", a code of {card.code_size} numbers"
    shape = " × ".join(map(str, data.event_shape))
    yield f"# {marked(card.title)}\n"
    yield f"{marked(card.provenance)}\n"
    yield f"- {marked(model.family)}{code}, {card.weights:,} weights; items of {shape} ({data.kind})"
    if card.recipe.data.classes:
        yield f"- trained on {marked(', '.join(card.recipe.data.classes))} alone"
    if card.n_labels:
        labels = ", ".join(_labels(card))
        yield f"- conditional on the label: {marked(labels)}; given one it is an ordinary model for such items"
    if card.given is not None:
        yield f"- a conditional model that was given the label {marked(card.given)}"
    if card.recipe.corruption is not None:
        yield f"- trained to undo {marked(card.recipe.corruption.title)} noise"
    if data.contract is not None:
        yield f"- items are read as: {marked(data.contract.line)}"
    yield "\n## Use\n"
    yield f"```python\n{_usage(card)}```\n"
    yield "## Figures\n"
    if card.metrics:
        yield "| figure | value | 95 % interval | unit | split | items |\n| --- | --- | --- | --- | --- | --- |"
        for metric in card.metrics:
            ends = metric.ends(three_digits) if metric.has_ends else "not known"
            cells = (metric.name, three_digits(metric.value), ends, metric.unit, metric.split, f"{metric.n:,}")
            yield f"| {' | '.join(map(marked, cells))} |"
    else:
        yield "The card has no figures."
    if card.findings is not None:
        yield "\n## Findings\n"
        for finding in card.findings:
            severity = "Wrong: " if finding.is_wrong else ""
            yield f"- {severity}{marked(' '.join(finding.lines))}"
        if not card.findings:
            yield "A look at the training found nothing that stands out."
    yield "\n## Data\n"
    yield f"{marked(data.title)}: {marked(data.source)}. {marked(data.splits)}"
    if not card.origin:
        yield f"{data.n_train:,} training and {data.n_validation:,} validation items."
    yield f"\n## Licence\n\n{marked(card.licence or 'none stated')}\n"
    yield f"## Recipe\n\n```toml\n{card.recipe.to_toml(training=not card.origin)}```\n"
    versions = ", ".join(f"{name} {version}" for name, version in card.versions.items())
    yield marked(f"Made {card.created or 'at an unknown time'} with {versions or 'unknown versions'}; card written by "
                 f"Autoencoder Explorer {VERSION}.")  # fmt: skip


def _usage(card: Card) -> str:
    """Python that loads the file beside the card and uses it."""
    given = f".given({_labels(card)[0]!r})  # or another of its labels" if card.n_labels else ""
    lines = ["import explorer", "", f"model = explorer.load({f'{card.name}.safetensors'!r}){given}"]
    shape = ", ".join(map(str, card.data.event_shape))
    lines.append(f"x_hat = model.reconstruct(x)  # x: (N, {shape})")
    if card.code_size is not None:
        lines += [f"z = model.encode(x)  # (N, {card.code_size})", "x_new = model.decode(z)"]
    return "\n".join(lines) + "\n"


def _labels(card: Card) -> tuple[str, ...]:
    """The labels that a conditional model learnt."""
    return card.recipe.data.classes or card.data.label_names


def marked(text: str) -> str:
    """Any text as Markdown that shows it letter by letter, on one line."""
    line = " ".join(text.encode(errors="backslashreplace").decode().split())
    escaped = _MARKUP.sub(r"\\\1", line)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
