"""Runs the browser's training engine in Node.js or in a page, and the same training in torch."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.conftest import ROOT

SOURCES = ROOT / "explorer" / "browser"
MODULES = ("training/chain.js", "training/random.js", "training/activations.js")

ANSWER = """
({plan, x, target, learningRate, steps}, Chain, openKernel) => {
  const chain = new Chain(plan, openKernel);
  const start = [...chain.parameters.values];
  chain.input.set(x);
  chain.target = Float32Array.from(target);
  chain.forward();
  const loss = chain.loss();
  const output = [...chain.output];
  chain.backward();
  const gradient = [...chain.parameters.gradient];
  const again = new Chain(plan, openKernel);
  again.input.set(x);
  again.target = chain.target;
  for (let i = 0; i < steps; i++) again.step(learningRate);
  return {
    start, loss, output, gradient, inputGradient: [...chain.inputGradient],
    end: [...again.parameters.values], endLoss: (again.forward(), again.loss()),
  };
}
"""
MODULES_OF = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "silu": nn.SiLU,
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
}


@dataclass(frozen=True)
class Training:
    """A training that both engines can run.

    Args:
        layers: as training/operations.js takes them.
        x: (batch, inputs) what goes in; what should come out too, unless ``target`` says otherwise.
    """

    layers: list[dict[str, Any]]
    x: Tensor
    target: Tensor | None = None
    reconstruction: str = "squared_error"
    seed: int = 0
    learning_rate: float = 1e-3
    steps: int = 0

    def case(self) -> dict[str, Any]:
        """What the browser's engine gets."""
        batch, inputs = self.x.shape
        plan = {"inputs": inputs, "layers": self.layers, "batch": batch, "seed": self.seed}
        return {
            "plan": plan | {"reconstruction": self.reconstruction},
            "x": self.x.T.flatten().tolist(),
            "target": (self.x if self.target is None else self.target).T.flatten().tolist(),
            "learningRate": self.learning_rate,
            "steps": self.steps,
        }


@dataclass
class Torch:
    """The same training in torch, in double precision from float32 weights."""

    training: Training
    modules: list[nn.Module | dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        torch.manual_seed(self.training.seed)
        rows = self.training.x.shape[1]
        for layer in self.training.layers:
            if layer["op"] == "linear":
                self.modules.append(nn.Linear(rows, layer["rows"]))
                rows = layer["rows"]
            elif layer["op"] == "activation":
                kind = MODULES_OF[layer["kind"]]
                self.modules.append(kind(layer["parameter"]) if "parameter" in layer else kind())
            else:
                self.modules.append(layer)
                rows //= 2
        self.generator_state = torch.get_rng_state()
        for module in self.modules:
            if isinstance(module, nn.Module):
                module.double()

    def parameters(self) -> list[nn.Parameter]:
        return [p for module in self.modules if isinstance(module, nn.Module) for p in module.parameters()]

    def flat(self) -> np.ndarray:
        return torch.cat([p.detach().flatten() for p in self.parameters()]).numpy()

    def loss(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """The loss of a batch, and what came out; draws follow one another."""
        value, kl = x, torch.zeros(())
        for module in self.modules:
            if isinstance(module, nn.Module):
                value = module(value)
                continue
            mu, logvar = value.chunk(2, 1)
            posterior = torch.distributions.Normal(mu, (logvar / 2).exp())
            prior = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
            kl = module["beta"] * torch.distributions.kl_divergence(posterior, prior).sum(1).mean()
            noise = torch.randn(mu.shape[1], len(mu)).T.double()  # an item is a column in the browser
            value = mu + (logvar / 2).exp() * noise
        target = (self.training.x if self.training.target is None else self.training.target).double()
        if self.training.reconstruction == "squared_error":
            error = (value - target).square()
        else:
            error = nn.functional.binary_cross_entropy_with_logits(value, target, reduction="none")
        return error.sum(1).mean() + kl, value

    def run(self) -> dict[str, Any]:
        """What the browser's engine answers."""
        x = self.training.x.double().requires_grad_()
        start = self.flat()
        loss, output = self.loss(x)
        gradients = torch.autograd.grad(loss, [*self.parameters(), x])
        torch.set_rng_state(self.generator_state)
        adam = torch.optim.Adam(self.parameters(), lr=self.training.learning_rate)
        for _ in range(self.training.steps):
            adam.zero_grad()
            self.loss(self.training.x.double())[0].backward()
            adam.step()
        return {
            "start": start,
            "loss": float(loss.detach()),
            "output": output.detach().T.flatten().numpy(),
            "gradient": torch.cat([g.flatten() for g in gradients[:-1]]).numpy(),
            "inputGradient": gradients[-1].T.flatten().numpy(),
            "end": self.flat(),
            "endLoss": float(self.loss(self.training.x.double())[0].detach()),
        }


def in_node(script: str, argument: Any) -> Any:
    """What a JavaScript function (argument, modules' exports) gives in Node.js."""
    if not shutil.which("node"):
        pytest.skip("Node.js runs the scripts' own arithmetic")
    imports = "\n".join(f"import * as m{i} from {json.dumps(str(SOURCES / path))};" for i, path in enumerate(MODULES))
    program = f"""
{imports}
import {{ javascriptKernel }} from {json.dumps(str(SOURCES / "runtime" / "plain_kernel.js"))};
import {{ ACTIVATIONS as runtime }} from {json.dumps(str(SOURCES / "runtime" / "operations.js"))};
import {{ readFileSync }} from 'node:fs';
const exported = Object.assign({{ javascriptKernel, runtime }}, {", ".join(f"m{i}" for i in range(len(MODULES)))});
console.log(JSON.stringify(({script})(JSON.parse(readFileSync(0, 'utf8')), exported)));
"""
    run = subprocess.run(
        ["node", "--input-type=module", "-e", program],
        input=json.dumps(argument),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout)


def trained_in_node(*trainings: Training) -> list[dict[str, Any]]:
    """What the engine makes of some trainings in Node.js, with the kernel in plain JavaScript."""
    script = f"(cases, {{Chain, javascriptKernel}}) => cases.map((c) => ({ANSWER})(c, Chain, javascriptKernel))"
    answers: list[dict[str, Any]] = in_node(script, [training.case() for training in trainings])
    return answers


def assert_equal(answer: dict[str, Any], expected: dict[str, Any], tolerance: float = 1e-5) -> None:
    """Each figure within a tolerance relative to the largest of its kind."""
    for name, wanted in expected.items():
        values = np.asarray(answer[name])
        wanted = np.asarray(wanted)
        assert values.shape == wanted.shape, name
        assert np.abs(values - wanted).max() <= tolerance * np.abs(wanted).max(), name


def dense(*rows: int, activation: str | None = None, parameter: float | None = None) -> list[dict[str, Any]]:
    """Linear layers of so many rows, with an activation between each two."""
    layers: list[dict[str, Any]] = []
    for i, count in enumerate(rows):
        layers.append({"op": "linear", "rows": count})
        if activation and i < len(rows) - 1:
            layers.append({"op": "activation", "kind": activation})
            if parameter is not None:
                layers[-1]["parameter"] = parameter
    return layers


def trainings() -> dict[str, Training]:
    """Every layer, activation and loss once."""
    generator = torch.Generator().manual_seed(5)
    x = torch.randn(32, 3, generator=generator)
    share = torch.rand(32, 3, generator=generator)
    parameters = {"leaky_relu": 0.1, "elu": 1.3}
    cases = {
        kind: Training(dense(7, 5, 3, activation=kind, parameter=parameters.get(kind)), x, seed=3)
        for kind in MODULES_OF
    }
    sample = {"op": "sample", "beta": 0.7}
    variational = [*dense(7, 4, activation="tanh"), sample, *dense(5, 3, activation="silu")]
    return cases | {
        "linear": Training(dense(7, 3), x, seed=4),
        "another target": Training(dense(6, 3, activation="tanh"), x, target=-x.square(), seed=4),
        "bernoulli": Training(dense(6, 3, activation="relu"), share, reconstruction="bernoulli", seed=5),
        "variational": Training(variational, x, seed=6),
        "variational, bernoulli": Training(variational, share, reconstruction="bernoulli", seed=7),
    }
