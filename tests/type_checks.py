"""What the import hook of the tests does to every function of the program: its types and shapes are checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Annotated, Any, Literal, Self, get_args, get_origin

from beartype import BeartypeConf, beartype
from jaxtyping import AbstractArray

_checked = beartype(conf=BeartypeConf(is_pep484_tower=True))  # an int will do where a float is asked for, as in PEP 484


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Check each argument and result of a function whose type is known while the program runs."""
    function.__annotations__ = {name: hint for name, hint in function.__annotations__.items() if _can_be_checked(hint)}
    return _checked(function)


def shapes_checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Check the arrays alone: for what shows and prints, whose tests hand over stand-ins for the rest."""
    function.__annotations__ = {
        name: hint for name, hint in function.__annotations__.items() if _has_shape(hint) and _can_be_checked(hint)
    }
    return _checked(function)


def _has_shape(hint: Any) -> bool:
    """Whether an array with its shape is part of a type."""
    is_array = isinstance(hint, type) and issubclass(hint, AbstractArray)
    return is_array or any(_has_shape(part) for part in get_args(hint))


def _can_be_checked(hint: Any) -> bool:
    """Whether a type is known here and can be told from a value.

    Not what a module imports for the type checker alone (still text), Self, protocols and open files. Nor choices: a
    wrong one is for the program to refuse, and tests see that it does.
    """
    is_plain_protocol = getattr(hint, "_is_protocol", False) and not getattr(hint, "_is_runtime_protocol", False)
    if isinstance(hint, str) or hint is Self or is_plain_protocol or IO in (hint, get_origin(hint)):
        return False
    if get_origin(hint) is Literal:
        return False
    return all(_can_be_checked(part) for part in get_args(hint) if get_origin(hint) is not Annotated)
