"""A noise, family, score, dataset, page, scene, component and so on is one file and one entry (docs/contributing.md).

Each is tried with a throw-away one in a copy of the package, in another process.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Addition:
    """What is added.

    Args:
        file: the new file.
        content: of it.
        registry: the file of the entry.
        entry: the entry stands before this text...
        before: ...which is there already.
        imports: the import that the entry needs.
        check: a program that fails where the new thing does not work.
    """

    file: str
    content: str
    registry: str
    entry: str
    before: str
    imports: str
    check: str


NOISE = Addition(
    "explorer/noise/throw_away.py",
    """
from typing import ClassVar, Literal

import torch
from pydantic import Field
from explorer.noise.base import Noise


class DarkNoise(Noise):
    title: ClassVar[str] = "Dark"
    formula: ClassVar[str] = "a x"
    level_field: ClassVar[str] = "share"
    kind: Literal["dark"] = "dark"
    share: float = Field(0.5, ge=0.0, le=1.0, title="Share", description="Of the light that is left.")

    def __call__(self, x, generator=None):
        return x * self.share
""",
    "explorer/noise/__init__.py",
    " | DarkNoise",
    ",\n    Field(discriminator",
    "from explorer.noise.throw_away import DarkNoise",
    """
import numpy as np
from explorer import data, denoising
from explorer.noise import REGISTRY
from explorer.recipe import Recipe
from explorer.training import train
recipe = Recipe.parse({"name": "a", "data": {"dataset": "digits", "limit": 64}, "model": {"family": "undercomplete"},
    "corruption": {"kind": "dark", "share": 0.25}, "training": {"epochs": 1, "device": "cpu"}})
*_, last = train(recipe)
assert last.checkpoint.card.recipe.corruption.share == 0.25
x = data.dataset("digits").test.x[:3]
np.testing.assert_allclose(denoising.add_noise(x, REGISTRY["dark"]()), x / 255 / 2, atol=1e-6)
""",
)

PENALTY = Addition(
    "explorer/penalties/throw_away.py",
    """
from typing import ClassVar, Literal

from pydantic import Field
from explorer.penalties.base import Penalty


class SmallCode(Penalty):
    title: ClassVar[str] = "Small code"
    summary: ClassVar[str] = "Codes stay near 0."
    formula: ClassVar[str] = "w z^2"
    reference: ClassVar[str] = "none"
    kind: Literal["small"] = "small"
    weight: float = Field(0.5, ge=0.0, title="Weight", description="Of the squared code.")

    def __call__(self, encode, x, generator=None):
        z = encode(x)
        return z, {"squared code": (z.square().sum(1).mean(), self.weight)}
""",
    "explorer/penalties/__init__.py",
    ", SmallCode",
    ")\n\nREGISTRY",
    "from explorer.penalties.throw_away import SmallCode",
    """
import pytest
from explorer import checkpoints, data
from explorer.core.errors import RecipeError
from explorer.penalties import REGISTRY
from explorer.recipe import Recipe
from explorer.training import train
assert list(REGISTRY)[-1] == "small"
plain = Recipe.parse({"name": "a", "data": {"dataset": "digits", "limit": 128}, "model": {"family": "undercomplete"},
    "training": {"epochs": 1, "device": "cpu"}})
recipe = plain.with_settings(["penalty.kind=small", "penalty.weight=0.25"])
*_, last = train(recipe)
loaded = checkpoints.load(checkpoints.save(last.checkpoint, "a.safetensors"))
x = loaded.tensor(data.dataset("digits").test.x[:5])
loss = loaded.model.loss(x, x)
value, weight = loss.terms["squared code"]
assert weight == 0.25 and abs(float(value) - float(loaded.model.encode(x).square().sum(1).mean())) < 1e-5
with pytest.raises(RecipeError, match="penalty.weight"):
    recipe.with_settings(["penalty.weight=-1"])
with pytest.raises(RecipeError, match="small"):
    recipe.with_settings(["penalty.kind=large"])
""",
)

OBJECTIVE = Addition(
    "explorer/objectives/throw_away.py",
    """
from typing import ClassVar, Literal

from pydantic import Field
from explorer.objectives.base import Objective


class FitAlone(Objective):
    title: ClassVar[str] = "Fit alone"
    summary: ClassVar[str] = "No KL."
    formula: ClassVar[str] = "L"
    reference: ClassVar[str] = "none"
    kind: Literal["fit"] = "fit"
    weight: float = Field(0.5, ge=0.0, title="Weight", description="Of the fit.")

    def __call__(self, model, x, target, generator=None):
        mu, logvar = model.posterior(x)
        return {"fit": (-model.log_likelihood(target, model.decoder(mu)).mean(), self.weight)}
""",
    "explorer/objectives/__init__.py",
    "FitAlone,\n",
    ")\n\nREGISTRY",
    "from explorer.objectives.throw_away import FitAlone",
    """
import pytest
from explorer import checkpoints, data
from explorer.core.errors import RecipeError
from explorer.recipe import Recipe
from explorer.training import train
plain = Recipe.parse({"name": "a", "data": {"dataset": "digits", "limit": 128}, "model": {"family": "variational"},
    "training": {"epochs": 1, "device": "cpu"}})
recipe = plain.with_settings(["objective.kind=fit", "objective.weight=0.25"])
*_, last = train(recipe)
loaded = checkpoints.load(checkpoints.save(last.checkpoint, "a.safetensors"))
assert loaded.model.objective == recipe.objective
x = loaded.tensor(data.dataset("digits").test.x[:5])
assert list(loaded.model.loss(x, x).terms) == ["fit"]
with pytest.raises(RecipeError, match="objective.weight"):
    recipe.with_settings(["objective.weight=-1"])
""",
)

LIKELIHOOD = Addition(
    "explorer/likelihoods/throw_away.py",
    """
from explorer.likelihoods.base import Likelihood


class Laplace(Likelihood):
    title = "Laplace"
    summary = "Absolute errors."
    formula = "-|x - m|"
    reference = "none"

    def log_density(self, target, logits, mean, log_sigma):
        return -(target - mean).abs().flatten(1).sum(1)
""",
    "explorer/likelihoods/__init__.py",
    '    "laplace": Laplace(),\n',
    '}\n"""Every likelihood',
    "from explorer.likelihoods.throw_away import Laplace",
    """
import numpy as np
from explorer import checkpoints, data
from explorer.recipe import Recipe
from explorer.training import train
recipe = Recipe.parse({"name": "a", "data": {"dataset": "digits", "limit": 128},
    "model": {"family": "variational", "likelihood": "laplace"}, "training": {"epochs": 1, "device": "cpu"}})
*_, last = train(recipe)
loaded = checkpoints.load(checkpoints.save(last.checkpoint, "a.safetensors"))
x = loaded.tensor(data.dataset("digits").test.x[:5])
z = loaded.model.encode(x)
fit = loaded.model.log_likelihood(x, loaded.model.decoder(z))
np.testing.assert_allclose(fit, -(x - loaded.model.decode(z)).abs().flatten(1).sum(1), rtol=1e-5)
""",
)

PRIOR = Addition(
    "explorer/priors/throw_away.py",
    """
import torch
from torch import nn
from explorer.priors.base import Prior
from explorer.priors.distributions import DiagonalMixture


class Elsewhere(Prior):
    title = "Elsewhere"
    summary = "One cloud, whose place is learnt."
    formula = "p"
    reference = "none"
    words = "a cloud elsewhere"

    def __init__(self, latent_dim, event_shape, components):
        super().__init__(latent_dim, event_shape, components)
        self.place = nn.Parameter(torch.ones(1, latent_dim))

    def distribution(self, posterior):
        return DiagonalMixture(torch.zeros(1), self.place, torch.zeros_like(self.place))
""",
    "explorer/priors/__init__.py",
    '    "elsewhere": Elsewhere,\n',
    '}\n"""Every prior',
    "from explorer.priors.throw_away import Elsewhere",
    """
import numpy as np
from explorer import checkpoints
from explorer.latent import sampling
from explorer.recipe import Recipe
from explorer.training import train
recipe = Recipe.parse({"name": "a", "data": {"dataset": "digits", "limit": 128},
    "model": {"family": "variational", "prior": "elsewhere"}, "training": {"epochs": 1, "device": "cpu"}})
*_, last = train(recipe)
loaded = checkpoints.load(checkpoints.save(last.checkpoint, "a.safetensors"))
codes, origin = sampling.sample_codes(loaded, 2000)
assert origin == "the prior, a cloud elsewhere"
np.testing.assert_allclose(codes.mean(0), loaded.model.code_prior.place[0], atol=0.1)
""",
)

FAMILY = Addition(
    "explorer/models/throw_away.py",
    """
import math
from typing import Literal

from torch import nn
from explorer.models.base import ModelConfig
from explorer.models.undercomplete import PlainAutoencoder


class MirrorConfig(ModelConfig):
    family: Literal["mirror"] = "mirror"

    def build(self, event_shape):
        return MirrorAutoencoder(event_shape, self)


class MirrorAutoencoder(PlainAutoencoder):
    title = "Mirror"
    summary = "One layer there and back."
    formula = "L"
    reference = "none"

    def __init__(self, event_shape, config):
        super().__init__(event_shape, config.latent_dim, "squared_error")
        size = math.prod(event_shape)
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(size, config.latent_dim))
        self.decoder = nn.Sequential(nn.Linear(config.latent_dim, size), nn.Unflatten(1, event_shape))

    def decode(self, z):
        return self.output(self.decoder(z))
""",
    "explorer/models/__init__.py",
    '"mirror": (MirrorConfig, MirrorAutoencoder),\n    ',
    '"photo": (PhotoConfig',
    "from explorer.models.throw_away import MirrorAutoencoder, MirrorConfig",
    """
import numpy as np
from explorer import checkpoints, data
from explorer.recipe import Recipe
from explorer.training import train
recipe = Recipe.parse({"name": "a", "data": {"dataset": "digits", "limit": 128},
    "model": {"family": "mirror", "latent_dim": 3}, "training": {"epochs": 1, "batch_size": 64, "device": "cpu"}})
*_, last = train(recipe)
loaded = checkpoints.load(checkpoints.save(last.checkpoint, "a.safetensors"))
x = data.dataset("digits").test.x[:5]
z = loaded.encode(x)
assert z.shape == (5, 3)
np.testing.assert_allclose(z, last.checkpoint.encode(x), atol=1e-6)
np.testing.assert_allclose(loaded.decode(z), loaded.reconstruct(x), atol=1e-6)
""",
)

SCORE = Addition(
    "explorer/novelty/scores/throw_away.py",
    """
import numpy as np
from explorer.novelty.scores.scorer import Scorer


class DistanceFromMean(Scorer):
    title = "Distance from the mean"
    summary = "How far an item is from the mean of the normal ones."
    unit = "distance"
    uses_checkpoint = False

    @classmethod
    def for_checkpoint(cls, checkpoint):
        return cls()

    def fit(self, normal):
        self.mean_ = normal.reshape(len(normal), -1).mean(0)
        return self

    def score(self, x):
        return np.linalg.norm(x.reshape(len(x), -1) - self.mean_, axis=1).astype(np.float64)
""",
    "explorer/novelty/scores/registry.py",
    '"distance-from-mean": DistanceFromMean,\n    ',
    '"one-class-svm": OneClassSVM',
    "from explorer.novelty.scores.throw_away import DistanceFromMean",
    """
import numpy as np
from explorer import data
from explorer.novelty import detector, fitting
wine = data.dataset("wine")
parts = fitting.share_out(np.arange(100))
fitted = fitting.of_checkpoint(None, wine, parts, "distance-from-mean")
again = detector.load(fitted.save("a.safetensors"))
known = wine.x[np.concatenate([parts.train, parts.validation])]
expected = np.linalg.norm(wine.x[:4] - known.mean(0), axis=1)
np.testing.assert_allclose(again.score(wine.x[:4]), expected, rtol=1e-5)
assert again.threshold(0.1).value > 0
""",
)

DATASET = Addition(
    "explorer/data/throw_away.py",
    """
import numpy as np
from explorer.data.source import (Source, SourceItems)
from explorer.data.splits import (Splits)


def _ramps(seed, progress):
    x = np.linspace(0, 1, 30 * 64, dtype=np.float32).reshape(30, 1, 8, 8)
    return SourceItems(x, None, (), Splits(np.arange(20), np.arange(20, 25), np.arange(25, 30), "by number"))


SOURCES = (Source("ramps", "Ramps", "image", "CC0", "made up", True, 30, (1, 8, 8), _ramps),)
""",
    "explorer/data/__init__.py",
    ", throw_away",
    ")\nDATASETS",
    "from explorer.data import throw_away",
    """
import numpy as np
from explorer import data
ramps = data.dataset("ramps")
assert ramps.x.shape == (30, 1, 8, 8) and len(ramps.test.x) == 5
assert ramps.fingerprint == data.dataset("ramps").fingerprint
np.testing.assert_allclose(ramps.x[-1, 0, -1, -1], 1)
from explorer.cli import main
import sys
sys.argv = ["explorer", "data", "list"]
try:
    main()
except SystemExit as end:
    assert not end.code
""",
)

PAGE = Addition(
    "pages/throw_away.py",
    """
import streamlit as st
from explorer import ui

ui.header("Throw-away", "One sentence.")
st.write("Here it is.")
""",
    "explorer/ui/shell/frame.py",
    '"throw_away": ("Throw-away", ":material/delete:"),\n    ',
    '"learn": (',
    "",
    """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("streamlit_app.py", default_timeout=120).run()
app.switch_page("pages/throw_away.py").run()
assert not app.exception, app.exception
assert [title.value for title in app.title] == ["Throw-away"]
""",
)

SCENE = Addition(
    "explorer/browser/scenes/throw_away/scene.py",
    """
from explorer.browser.scenes.scene import Lead, Material, Scene, SceneMessage


class ThrowAway(SceneMessage):
    \"\"\"How many items there are.\"\"\"

    items: int


def prepare(material: Material | None) -> ThrowAway:
    assert material is not None
    return ThrowAway(items=len(material.x(8)))


SCENE = Scene("throw_away", 99, "Last: what was thrown away", "One sentence.", "On tables.", ThrowAway, prepare,
    leads=(Lead("generate", "Go on"),), matches=lambda card: True)
""",
    "explorer/browser/scenes/__init__.py",
    "    throw_away.SCENE,\n",
    ")\n",
    "from explorer.browser.scenes.throw_away import scene as throw_away",
    """
from streamlit.testing.v1 import AppTest
from explorer.browser import assets, declarations
from explorer.ui.learn import route
assert list(route.stops())[-1] == "throw_away"
assert "throw_away: { message: ThrowAway;" in declarations.declarations()
(assets.FOLDER / "throw_away-1.js").write_text("export default () => {}")
app = AppTest.from_file("streamlit_app.py", default_timeout=240)
app.query_params["model"], app.query_params["scene"] = "mnist-vae-2d", "throw_away"
app.run().switch_page("pages/learn.py").run()
assert not app.exception, app.exception
assert "Last: what was thrown away" in [title.value for title in app.subheader]
assert any(b"Generate: Go on" in each.proto.SerializeToString() for each in app.main.get("bidi_component"))
""",
)

COMPONENT = Addition(
    "explorer/browser/throw_away/message.py",
    """
from explorer.browser.schema import Component, Message


class ThrowAway(Message):
    \"\"\"One number.\"\"\"

    number: float


COMPONENT = Component("throw_away", ThrowAway)
""",
    "explorer/browser/components.py",
    "    throw_away.COMPONENT,\n",
    ")\n",
    "from explorer.browser.throw_away import message as throw_away",
    """
import json
from explorer.browser import declarations
from explorer.browser.throw_away.message import ThrowAway
sealed = ThrowAway(number=2.5).seal()
size = int.from_bytes(sealed[:4], "little")
assert b"2.5" in sealed[4 : 4 + size]
written = declarations.declarations()
assert "ThrowAway" in written and "throw_away" in written
""",
)

OPERATION = Addition(
    "explorer/adoption/operations/throw_away.py",
    """
THROW_AWAY = {"Shrink": lambda call: []}
""",
    "explorer/adoption/operations/__init__.py",
    ", **THROW_AWAY",
    '}\n"""Operations of one tensor',
    "from explorer.adoption.operations.throw_away import THROW_AWAY",
    """
from onnx import TensorProto, helper
from explorer.adoption.onnx_chains import part
node = helper.make_node("Shrink", ["x"], ["y"], lambd=0.0, bias=0.0)
inputs, outputs = ([helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 4])] for name in "xy")
model = helper.make_model(helper.make_graph([node], "g", inputs, outputs), opset_imports=[helper.make_opsetid("", 17)])
assert part(model.SerializeToString(), "m.onnx", "", ()).layers["y"] == []
""",
)

ADDITIONS = {
    "operation of ONNX": OPERATION,
    "noise": NOISE,
    "penalty": PENALTY,
    "objective": OBJECTIVE,
    "likelihood": LIKELIHOOD,
    "prior": PRIOR,
    "family": FAMILY,
    "novelty score": SCORE,
    "dataset": DATASET,
    "page": PAGE,
    "scene": SCENE,
    "component": COMPONENT,
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, its pages and what they open, elsewhere."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("explorer", "pages", ".streamlit"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    shutil.copy(ROOT / "streamlit_app.py", folder)
    for name in ("checkpoints", "recipes"):
        (folder / name).symlink_to(ROOT / name)
    return folder


TOGETHER = (tuple(what for what in ADDITIONS if what != "scene"), ("scene",))
"""What one process tries: a scene is a component too, and both are called throw_away."""
PROGRAM = """
import json, pathlib, sys, traceback
wrong = {}
for what, check in json.load(sys.stdin).items():
    wrong[what] = ""
    try:
        exec(check, {"__name__": what})
    except BaseException:
        wrong[what] = traceback.format_exc()
pathlib.Path("wrong.json").write_text(json.dumps(wrong))
"""


@contextmanager
def added(folder: Path, additions: Iterable[Addition]) -> Iterator[None]:
    """Within it, the new files and their entries are in the package."""
    before: dict[Path, str] = {}
    for new in additions:
        registry = folder / new.registry
        before[registry] = original = registry.read_text()
        assert original.count(new.before) == 1
        text = original.replace(new.before, new.entry + new.before)
        if new.imports:
            first = re.search(r"^from explorer", text, re.MULTILINE)
            assert first
            text = text[: first.start()] + new.imports + "\n" + text[first.start() :]
        registry.write_text(text)
        file = folder / new.file
        file.parent.mkdir(exist_ok=True)
        file.write_text(new.content.lstrip())
    yield
    for registry, text in before.items():
        registry.write_text(text)
    for new in additions:
        (folder / new.file).unlink()


@pytest.fixture(scope="module")
def wrong(copy: Path) -> dict[str, str]:
    """What went wrong with each addition; empty where nothing did."""
    said: dict[str, str] = {}
    for names in TOGETHER:
        with added(copy, [ADDITIONS[name] for name in names]):
            run = subprocess.run(
                [sys.executable, "-c", PROGRAM],
                input=json.dumps({name: ADDITIONS[name].check for name in names}),
                cwd=copy,
                env=os.environ | {"PYTHONPATH": str(copy)},
                capture_output=True,
                text=True,
                timeout=280,
            )
            assert run.returncode == 0, run.stderr[-3000:]
            said |= json.loads((copy / "wrong.json").read_text())
    return said


@pytest.mark.parametrize("what", ADDITIONS)
def test_one_file_and_one_entry_are_enough(what: str, wrong: dict[str, str]) -> None:
    assert wrong[what] == ""


@pytest.mark.parametrize("what", ADDITIONS)
def test_the_documentation_names_the_file_and_the_registry(what: str) -> None:
    page = (ROOT / "docs" / "contributing.md").read_text()
    row = next(line for line in page.splitlines() if line.startswith(f"| {what} |"))
    new = ADDITIONS[what]
    assert new.file.replace("throw_away", "NAME").removesuffix("message.py").removesuffix("scene.py") in row
    assert new.registry in row
