"""The browser's training engine against torch: random numbers, first weights, gradients, Adam, whole trainings."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.live_training.engine import (
    MODULES_OF,
    Torch,
    Training,
    assert_equal,
    dense,
    in_node,
    trained_in_node,
    trainings,
)

CASES = trainings()


def ring(n: int = 256) -> torch.Tensor:
    """(n, 2) points on a circle, with a little noise."""
    angle = torch.arange(n) / n * 2 * torch.pi
    noise = 0.05 * torch.randn(n, 2, generator=torch.Generator().manual_seed(1))
    return torch.stack([angle.cos(), angle.sin()], 1) + noise


@pytest.fixture(scope="module")
def answers() -> dict[str, dict[str, object]]:
    cases = [replace(training, steps=10, learning_rate=0.01) for training in CASES.values()]
    return dict(zip(CASES, trained_in_node(*cases), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_weights_output_loss_gradients_and_ten_steps_of_adam_are_those_of_torch(
    answers: dict[str, dict[str, object]], name: str
) -> None:
    assert_equal(answers[name], Torch(replace(CASES[name], steps=10, learning_rate=0.01)).run())


def test_every_activation_of_the_runtime_can_be_trained() -> None:
    script = """(_, {ACTIVATIONS, runtime}) => [Object.keys(ACTIVATIONS).sort(), Object.keys(runtime).sort()]"""
    trained, run = in_node(script, None)
    assert trained == run == sorted(MODULES_OF)


@pytest.mark.slow
def test_a_training_ends_where_that_of_torch_does() -> None:
    layers = dense(16, 16, 1, 16, 16, 2, activation="tanh")
    training = Training(layers, ring(), seed=2, learning_rate=3e-3, steps=1500)
    [answer] = trained_in_node(training)
    expected = Torch(training).run()
    assert expected["endLoss"] < 0.02 * expected["loss"], "it has learnt something"
    assert abs(answer["endLoss"] - expected["endLoss"]) < 1e-3


def test_random_numbers_are_those_of_torch_and_numpy() -> None:
    script = """({seed, n}, {Random}) => {
      const bits = new Random(seed);
      const [uniform, normal] = [new Float32Array(n), new Float32Array(n)];
      new Random(seed).fillUniform(uniform, 0, 1);
      new Random(seed).fillNormal(normal);
      return {bits: Array.from({length: n}, () => bits.bits()), uniform: [...uniform], normal: [...normal]};
    }"""
    for seed in (0, 7, 2**32 - 1):
        n = 1600
        drawn = in_node(script, {"seed": seed, "n": n})
        generator = np.random.RandomState(seed)
        assert drawn["bits"] == generator.randint(0, 2**32, n, np.uint32).tolist()
        torch.manual_seed(seed)
        np.testing.assert_array_equal(drawn["uniform"], torch.rand(n).numpy())
        torch.manual_seed(seed)
        np.testing.assert_allclose(drawn["normal"], torch.randn(n).numpy(), atol=2e-6)
