"""The fine template: sums against sums made without the part, and edges that lie between pixels."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.novelty.patches.fine_template import FineSums, FineTemplate, misfit_of
from explorer.novelty.patches.registration import Pose

SIZE = (24, 30)


def steps(n: int, seed: int = 0, noise: float = 0.02) -> tuple[list[torch.Tensor], list[Pose]]:
    """Pictures of hard stripes, each a fraction of a pixel elsewhere: a pixel has what lies under its middle."""
    random = np.random.default_rng(seed)
    pictures, poses = [], []
    for _ in range(n):
        pose = Pose(*random.uniform(-1.5, 1.5, 2).tolist(), 0.0)
        _, columns = pose.on_reference(SIZE)
        stripes = torch.where((columns - 0.2) % 6 < 3, 0.2, 0.8)[None]
        pictures.append(stripes + noise * torch.from_numpy(random.standard_normal((1, *SIZE)).astype(np.float32)))
        poses.append(pose)
    return pictures, poses


def test_leaving_one_out_is_as_if_it_had_not_been_there() -> None:
    pictures, poses = steps(12)
    sums = FineSums.of(pictures, poses)
    for row in (0, 5, 11):
        rest = [i for i in range(12) if i != row]
        others = FineSums.of([pictures[i] for i in rest], [poses[i] for i in rest])
        if others.margin != sums.margin:
            continue
        expected, variance = FineTemplate.of(others, 0.3).misfit(pictures[row], poses[row])
        error, own = misfit_of(pictures[row], *sums.at_others(pictures[row], poses[row]), 0.3)
        known = (expected != 1) & (error != 1)
        assert known.float().mean() > 0.9
        torch.testing.assert_close(own[known], variance[known], rtol=0.02, atol=1e-5)  # half precision
        assert float((error - expected)[known].abs().median()) < 0.02


def test_edges_between_pixels_are_known_where_each_part_lies_elsewhere() -> None:
    """A mean of the pixels as they are is unsure of a whole pixel at an edge; the fine one of a part of one."""
    pictures, poses = steps(60)
    template = FineTemplate.of(FineSums.of(pictures, poses), 0.3)
    fresh, fresh_poses = steps(10, 1)
    variance = torch.stack([template.misfit(p, q)[1] for p, q in zip(fresh, fresh_poses, strict=True)])
    at_pixels = torch.stack(pictures).var(0)
    sure = [float((of < 0.01).float().mean()) for of in (variance[:, 0, 4:-4, 4:-4], at_pixels[0, 4:-4, 4:-4])]
    assert sure[0] > 0.4  # a pixel is told of by a pixel and a half, so that half of them see no edge
    assert sure[1] < 0.1


def test_the_misfit_of_another_normal_part_is_about_one_and_a_defect_is_far_above() -> None:
    random = np.random.default_rng(3)
    flat = [torch.from_numpy(random.normal(0.5, 0.1, (2, *SIZE)).astype(np.float32)) for _ in range(40)]
    poses = [Pose(*random.uniform(-1, 1, 2).tolist(), 0.0) for _ in range(40)]
    template = FineTemplate.of(FineSums.of(flat, poses), 0.1)
    fresh = torch.from_numpy(random.normal(0.5, 0.1, (2, *SIZE)).astype(np.float32))
    error, variance = template.misfit(fresh, Pose())
    assert float(error.mean()) == pytest.approx(1, abs=0.15)
    assert float(variance.mean()) == pytest.approx(0.01, rel=0.15)
    spoilt = fresh.clone()
    spoilt[:, 10:12, 10:12] += 0.6
    assert float(template.misfit(spoilt, Pose())[0][:, 10:12, 10:12].mean()) > 20


def test_what_no_part_shows_counts_as_usual() -> None:
    pictures, poses = steps(10)
    template = FineTemplate.of(FineSums.of(pictures, poses), 0.3)
    error, _ = template.misfit(pictures[0] + 1, Pose(40.0, 0.0, 0.0))
    torch.testing.assert_close(error, torch.ones_like(error))
