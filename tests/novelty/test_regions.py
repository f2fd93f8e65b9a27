"""Regions above a threshold, against scikit-image and by hand."""

from __future__ import annotations

import numpy as np
from skimage.measure import label, regionprops

from explorer.novelty.regions import Region, peak_of, regions_above


def test_boxes_areas_and_peaks_by_hand() -> None:
    own = np.zeros((8, 10), np.float32)
    own[1:3, 2:6] = 2.0
    own[3, 6] = 5.0  # touches at a corner
    own[6, 0] = 3.0
    own[7, 9] = 1.0  # not above
    assert regions_above(own, 1.0) == (Region(1, 2, 3, 5, 9, 5.0), Region(6, 0, 1, 1, 1, 3.0))
    assert regions_above(own, 1.0)[0].box == (1, 2, 3, 5)
    assert peak_of(own) == (3, 6)
    assert regions_above(own, 5.0) == ()


def test_scikit_image_finds_the_same_regions() -> None:
    own = np.random.default_rng(0).random((40, 61)).astype(np.float32)
    theirs = {
        (r.bbox[0], r.bbox[1], r.bbox[2] - r.bbox[0], r.bbox[3] - r.bbox[1], int(r.area), float(r.intensity_max))
        for r in regionprops(label(own > 0.7, connectivity=2), own)
    }
    ours = regions_above(own, 0.7)
    assert len(ours) == len(theirs) > 20
    assert {(*r.box, r.area, r.peak) for r in ours} == theirs
    assert [r.peak for r in ours] == sorted((r.peak for r in ours), reverse=True)
