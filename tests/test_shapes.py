"""Arrays in the library's public signatures carry their shapes, which the import hook of conftest.py then checks."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import importlib.util
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
import torch
from jaxtyping import TypeCheckError

import explorer
from explorer.core import likelihood

ARRAYS = {"np.ndarray", "Tensor", "torch.Tensor", "Array"}


def modules() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(explorer.__path__, "explorer."):
        is_widget = module.name in ("explorer.notebook.view", "explorer.notebook.component_views")
        needs_an_extra = is_widget and importlib.util.find_spec("anywidget") is None
        if not module.name.endswith("__main__") and not needs_an_extra:
            yield importlib.import_module(module.name)


def functions(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Public functions and methods that a module defines, by name."""
    for name, thing in vars(module).items():
        if name.startswith("_") or getattr(thing, "__module__", "") != module.__name__:
            continue
        if inspect.isclass(thing):
            for method_name, method in vars(thing).items():
                plain = method.fget if isinstance(method, property) else getattr(method, "__func__", method)
                if inspect.isfunction(plain) and (not method_name.startswith("_") or method_name == "__call__"):
                    yield f"{name}.{method_name}", plain
        elif inspect.isfunction(thing):
            yield name, thing


def signature(thing: Any) -> dict[str, str]:
    """The annotations of a function's parameters and result, as they stand in the source."""
    written = inspect.unwrap(thing)
    parts = inspect.signature(written)
    hints = {name: parameter.annotation for name, parameter in parts.parameters.items()}
    return {name: hint for name, hint in (hints | {"result": parts.return_annotation}).items() if isinstance(hint, str)}


def fields(thing: type) -> dict[str, str]:
    return {f.name: f.type for f in dataclasses.fields(thing) if isinstance(f.type, str) and not f.name.startswith("_")}


def has_bare_array(hint: str) -> bool:
    """Whether an array stands in an annotation without its shape."""

    def bare(node: ast.expr) -> bool:
        if isinstance(node, ast.Subscript):
            # Of several arrays (Mapping, Callable, list) each may have a shape of its own: the docstring says which.
            parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            return ast.unparse(node.value) == "tuple" and any(map(bare, parts))
        if isinstance(node, ast.BinOp):
            return bare(node.left) or bare(node.right)
        return ast.unparse(node) in ARRAYS

    return bare(ast.parse(hint, mode="eval").body)


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        ("np.ndarray", True),
        ("Tensor | None", True),
        ("tuple[str, np.ndarray | None]", True),
        ('Float[np.ndarray, "n d"]', False),
        ('tuple[Int[np.ndarray, " n"], str]', False),
        ("dict[str, np.ndarray]", False),
        ("Callable[[np.ndarray], np.ndarray] | None", False),
    ],
)
def test_a_bare_array_is_told_from_one_with_a_shape(hint: str, expected: bool) -> None:
    assert has_bare_array(hint) is expected


def test_arrays_in_public_signatures_carry_their_shapes() -> None:
    without = []
    looked_at = 0
    for module in modules():
        for name, function in functions(module):
            looked_at += 1
            without += [
                f"{module.__name__}.{name}: {part}" for part, h in signature(function).items() if has_bare_array(h)
            ]
        for name, thing in vars(module).items():
            if dataclasses.is_dataclass(thing) and not name.startswith("_") and thing.__module__ == module.__name__:
                looked_at += 1
                without += [
                    f"{module.__name__}.{name}: {part}" for part, h in fields(thing).items() if has_bare_array(h)
                ]
    assert without == []
    assert looked_at > 900, "most of the library was not looked at"


def test_a_wrong_shape_is_met_where_it_is_handed_over() -> None:
    with pytest.raises(TypeCheckError, match="logvar"):
        likelihood.kl_per_dimension(torch.zeros(5, 3), torch.zeros(5, 2))
