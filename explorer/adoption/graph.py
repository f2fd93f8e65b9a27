"""A model as a graph of values, and the chain of layers with branches that it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from torch import nn

from explorer.core.errors import CheckpointError
from explorer.models.branches import Branches, Join
from explorer.models.entries import MAX_LAYERS

Shape = tuple[int, ...]


@dataclass(frozen=True)
class GraphStep:
    """How a value comes from others.

    Args:
        inputs: names of the values that it comes from.
        modules: layers in order, from the one input.
        join: what is done with several inputs; None: there is one.
    """

    inputs: tuple[str, ...]
    modules: tuple[nn.Module, ...] = ()
    join: Join | None = None


class Graph:
    """Values by name, each but the sources with the step that makes it; in the order in which they are made."""

    def __init__(self) -> None:
        self.steps: dict[str, GraphStep] = {}
        self.shapes: dict[str, Shape] = {}
        """Of one item, without the batch."""

    def add_source(self, name: str, shape: Shape) -> None:
        """A value that nothing makes: an input of the model."""
        self.shapes[name] = shape

    def add(self, name: str, step: GraphStep, shape: Shape) -> None:
        """A value that a step makes of values added before."""
        self.steps[name] = step
        self.shapes[name] = shape

    def chain(self, source: str, target: str) -> list[nn.Module]:
        """The layers that take ``source`` to ``target``, in order; where ways part and meet again, as branches.

        Raises:
            CheckpointError: ``target`` comes from something else too, or from nothing of it; or the ways cross so often
                that they cannot be written as a chain.
        """
        dominators = self._dominators(source)
        if target not in dominators:
            raise CheckpointError(
                f"{target!r} does not follow from {source!r} alone.",
                "Name the tensors in between: --encoder INPUT:CODE --decoder CODE:OUTPUT.",
            )
        self._left = MAX_LAYERS
        return self._chain(source, target, dominators)

    def fork(self, source: str, targets: Sequence[str]) -> str:
        """The last value that all ways from ``source`` to all of ``targets`` pass; a target itself, where there is one.

        Raises:
            CheckpointError: as ``chain``.
        """
        passed = [self.passed(source, target) for target in targets]
        for target, names in zip(targets, passed, strict=True):
            if not names:
                self.chain(source, target)  # says why
        return next(name for name in reversed(passed[0]) if all(name in names for names in passed))

    def passed(self, source: str, target: str) -> list[str]:
        """The values that all ways from ``source`` to ``target`` pass, in order, with both; empty: there is none."""
        above = self._dominators(source)
        if target not in above:
            return []
        names = [target]
        while names[-1] != source:
            names.append(above[names[-1]])
        return names[::-1]

    def _chain(self, source: str, target: str, dominators: dict[str, str]) -> list[nn.Module]:
        backwards: list[nn.Module] = []
        while target != source:
            step = self.steps[target]
            self._left -= max(1, len(step.modules))
            if self._left < 0:
                raise CheckpointError(
                    f"The model has more than {MAX_LAYERS} layers, or ways through it that cross too often.",
                    "Bring in a part of it.",
                )
            if step.join is None:
                backwards += reversed(step.modules)
                target = step.inputs[0]
            else:
                fork = dominators[target]
                branches = [self._chain(fork, name, dominators) for name in step.inputs]
                backwards.append(joined(branches, step.join))
                target = fork
        return backwards[::-1]

    def _dominators(self, source: str) -> dict[str, str]:
        """The last value that all ways from ``source`` to a value pass, for each value that follows from it alone.

        Source: Cooper, Harvey and Kennedy 2001; without loops one pass in order is enough.
        """
        above = {source: source}
        depth = {source: 0}
        for name, step in self.steps.items():
            if name == source or not all(i in above for i in step.inputs):
                continue
            common = step.inputs[0]
            for other in step.inputs[1:]:
                while common != other:
                    if depth[common] < depth[other]:
                        common, other = other, common
                    common = above[common]
            above[name] = common
            depth[name] = depth[common] + 1
        return above


def joined(branches: Sequence[Sequence[nn.Module]], join: Join) -> nn.Module:
    """Branches that meet; as one activation where that is what they come to."""
    if join == "product" and len(branches) == 2:
        short, long = sorted(branches, key=len)
        kinds = [type(module) for module in long]
        if not short and kinds == [nn.Sigmoid]:
            return nn.SiLU()
        if not short and kinds == [nn.Softplus, nn.Tanh]:
            return nn.Mish()
        if not short and kinds == [nn.Hardsigmoid]:
            return nn.Hardswish()
    return Branches(branches, join)
