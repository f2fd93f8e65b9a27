"""Attribute directions against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from explorer import directions
from explorer.errors import ExplorerError


@pytest.fixture
def random():
    return np.random.default_rng(0)


def test_direction_leads_from_one_group_to_the_other(random):
    codes = random.standard_normal((400, 3))
    np.testing.assert_allclose(directions.attribute_direction(codes, codes + np.array([1, 0, -2])), [1, 0, -2])
    with pytest.raises(ExplorerError, match="both groups"):
        directions.attribute_direction(codes, codes[:0])
