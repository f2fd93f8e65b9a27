"""The training engine in Chromium, with the compiled kernel: the gradients and steps of torch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.modules import open_modules
from tests.live_training.engine import ANSWER, Torch, assert_equal, trainings


@pytest.fixture(scope="module")
def engine_page(chromium: Browser) -> Iterator[Any]:
    """An empty page with the training engine and its kernels."""
    page = chromium.new_page()
    open_modules(page, "runtime/kernel.js", "training/chain.js")
    yield page
    page.close()


@pytest.mark.parametrize("name", trainings())
def test_the_compiled_kernel_trains_as_torch_does(engine_page: Any, name: str) -> None:
    training = replace(trainings()[name], steps=10, learning_rate=0.01)
    answer = engine_page.evaluate(f"(c) => ({ANSWER})(c, Chain, simdKernel)", training.case())
    assert_equal(answer, Torch(training).run())


def test_a_step_allocates_nothing(engine_page: Any) -> None:
    """A chain gets all of its memory when it is made: the kernel is never asked again."""
    asked = engine_page.evaluate(
        """() => {
          let calls = 0;
          const counted = (bytes) => {
            const kernel = simdKernel(bytes);
            return { ...kernel, allocate: (n) => { calls += 1; return kernel.allocate(n); } };
          };
          const chain = new Chain({ inputs: 2, layers: [{ op: 'linear', rows: 2 }], batch: 8 }, counted);
          const before = calls;
          for (let i = 0; i < 3; i++) chain.step(0.01);
          return [before > 0, calls - before];
        }"""
    )
    assert asked == [True, 0]
