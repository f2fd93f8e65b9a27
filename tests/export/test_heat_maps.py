"""Maps as pictures: read back by Pillow, and by the colours they should have."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from explorer.core.palette import NOVEL, sequential
from explorer.export.heat_maps import COVER, HeatScale, grey_png, overlay


def test_grey_pictures_hold_16_bits_of_one_scale() -> None:
    own = np.array([[-1.0, 0.0, 3.0], [1.0, 0.25, 9.0]], np.float32)
    with Image.open(io.BytesIO(grey_png(own, -1.0, 3.0))) as picture:
        assert picture.mode == "I;16"
        values = np.asarray(picture)
    expected = np.rint(np.clip((own + 1) / 4, 0, 1) * 65535)
    np.testing.assert_array_equal(values, expected)


def test_a_constant_map_is_black() -> None:
    with Image.open(io.BytesIO(grey_png(np.ones((3, 4), np.float32), 1.0, 1.0))) as picture:
        assert not np.asarray(picture).any()


def test_heat_lies_over_the_image_and_boxes_around_defects() -> None:
    image = np.full((3, 9, 12), 200, np.uint8)
    own = np.full((9, 12), 2.0, np.float32)
    own[4, 5] = 3.0  # the threshold
    own[4, 6] = 9.0
    drawn = overlay(image, own, HeatScale(usual=2.0, threshold=3.0), [(4, 5, 1, 2)])
    assert drawn.shape == (3, 9, 12)
    np.testing.assert_array_equal(drawn[:, 0, 0], [200, 200, 200])
    for column, share in ((5, 0.5), (6, 1.0)):
        cover = COVER * share
        expected = 200 * (1 - cover) + sequential(np.array(share)) * cover
        np.testing.assert_allclose(drawn[:, 4, column], expected, atol=0.5)
    orange = [int(NOVEL[i : i + 2], 16) for i in (1, 3, 5)]
    framed = (drawn == np.reshape(orange, (3, 1, 1))).all(0)
    expected_frame = np.zeros((9, 12), bool)
    expected_frame[3:6, 4:8] = True
    expected_frame[4, 5:7] = False
    np.testing.assert_array_equal(framed, expected_frame)


def test_a_box_at_the_edge_is_drawn_inside() -> None:
    drawn = overlay(np.zeros((1, 4, 5), np.uint8), np.zeros((4, 5), np.float32), HeatScale(0, 1), [(0, 0, 4, 5)])
    assert drawn.any(0).sum() == 2 * 5 + 2 * 2
