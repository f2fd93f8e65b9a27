"""Lists and ranges as they are typed."""

from __future__ import annotations

import pytest

from explorer.core.errors import RecipeError
from explorer.sweeps import SweptField
from explorer.sweeps.fields import settings_of


@pytest.mark.parametrize(
    ("typed", "values"),
    [
        ("model.beta=1,4,16", ("1", "4", "16")),
        ("training.seed=0..2", ("0", "1", "2")),
        ("training.seed=0..2,7", ("0", "1", "2", "7")),
        ("model.beta=0.1..0.5..0.2", ("0.1", "0.3", "0.5")),
        ("model.latent_dim=2..9..3", ("2", "5", "8")),
        ("model.hidden=[64],[128, 64]", ("[64]", "[128, 64]")),
        ('data.dataset="a,b..c", digits', ('"a,b..c"', "digits")),
    ],
)
def test_values_are_parted(typed: str, values: tuple[str, ...]) -> None:
    assert SweptField.parse(typed) == SweptField(typed.partition("=")[0], values)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("model.beta", "Cannot read the setting"),
        ("beta=1", "Cannot read the setting"),
        ("model.beta=", "Cannot read the setting"),
        ("model.beta=1,,2", "A value is missing"),
        ("model.beta=1,2,1", "has the value 1 twice"),
        ("model.beta=0.1..0.5", "has no step"),
        ("training.seed=3..1", "never reaches its end"),
        ("training.seed=0..1000000000", "1,000,000,001 values"),
    ],
)
def test_what_cannot_be_read_is_said(typed: str, words: str) -> None:
    with pytest.raises(RecipeError, match=words):
        SweptField.parse(typed)


def test_all_combinations_the_last_field_quickest() -> None:
    fields = [SweptField("a.b", ("1", "2")), SweptField("a.c", ("x", "y", "z"))]
    combined = [tuple(value for _, value in setting) for setting in settings_of(fields)]
    assert combined == [(one, other) for one in "12" for other in "xyz"]
