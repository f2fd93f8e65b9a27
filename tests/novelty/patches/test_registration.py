"""Registration: parts that are drawn shifted, turned and lit in a known way."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from explorer.novelty.patches.registration import Pose, Registration, sampled

SIZE = (150, 190)


def drawn(pose: Pose, light: tuple[float, float, float] = (1, 0, 0), size: tuple[int, int] = SIZE) -> torch.Tensor:
    """(1, H, W) of a smooth figure that lies as ``pose`` says, point by point in closed form, on a grey belt."""
    row, column = (places.double() for places in pose.on_reference(size))
    y, x = row - size[0] / 2, column - size[1] / 2
    grey = 0.3 + 0.4 * torch.exp(-((y / 20) ** 4) - (x / 50) ** 4)
    for at_y, at_x in ((-40, -60), (35, 70), (45, -30)):
        grey = grey + 0.3 * torch.exp(-((y - at_y) ** 2 + (x - at_x) ** 2) / 60)
    up, right = (torch.linspace(-1, 1, length) for length in size)
    return (grey * (light[0] + light[1] * up[:, None] + light[2] * right[None])).float()[None]


def reference() -> Registration:
    return Registration(drawn(Pose())[0])


POSES = [Pose(3.3, -4.6, 0.03), Pose(-1.25, 0.5, -0.02), Pose(0, 0, 0)]


@pytest.mark.parametrize("pose", POSES)
def test_a_known_pose_is_found_to_a_twentieth_of_a_pixel(pose: Pose) -> None:
    found = reference().pose(drawn(pose, (1.1, -0.05, 0.08)))
    assert found.down == pytest.approx(pose.down, abs=0.05)
    assert found.right == pytest.approx(pose.right, abs=0.05)
    assert found.turn * SIZE[1] / 2 == pytest.approx(pose.turn * SIZE[1] / 2, abs=0.05)


def test_a_large_shift_is_guessed_first() -> None:
    """A fifth of the picture, to which least squares alone do not get; some of the part lies beyond its edges."""
    size = (220, 300)
    found = Registration(drawn(Pose(), size=size)[0]).pose(drawn(Pose(40.0, -55.0, 0.01), size=size))
    assert (found.down, found.right) == (pytest.approx(40, abs=0.1), pytest.approx(-55, abs=0.1))


def test_a_defect_does_not_pull_the_part() -> None:
    pose = Pose(2.0, 1.0, 0.01)
    spoilt = drawn(pose)
    spoilt[:, 60:90, 120:150] += 0.5
    found = reference().pose(spoilt)
    assert (found.down, found.right) == (pytest.approx(2, abs=0.1), pytest.approx(1, abs=0.1))


def test_places_go_to_the_reference_and_back() -> None:
    pose = Pose(3.5, -2.25, 0.04)
    rows, columns = pose.on_reference(SIZE)
    there = torch.stack(pose.in_picture(SIZE))
    again = sampled(there, rows, columns)  # places in the picture, read where its pixels lie on the reference
    own = torch.stack(torch.meshgrid(*(torch.arange(n, dtype=torch.float32) for n in SIZE), indexing="ij"))
    inner = slice(15, -15)
    torch.testing.assert_close(again[:, inner, inner], own[:, inner, inner], atol=1e-2, rtol=0)
    # What lies at the middle of the reference is found so far down and right of the middle of the picture.
    down, right = (float(part[74:76, 94:96].mean()) for part in pose.in_picture(SIZE))
    assert (down - 74.5, right - 94.5) == (pytest.approx(3.5, abs=1e-3), pytest.approx(-2.25, abs=1e-3))


def test_light_is_taken_out_and_a_defect_stays() -> None:
    pose = Pose(1.5, -2.0, 0.01)
    lit = reference().lit(drawn(pose, (0.9, 0.04, -0.06)), pose)
    plain = drawn(pose)
    assert float((lit - plain).abs().mean()) < 0.003
    spoilt = drawn(pose, (0.9, 0.04, -0.06))
    spoilt[:, 100:130, 20:50] += 0.3
    left = reference().lit(spoilt, pose) - plain
    assert float(left[:, 105:125, 25:45].mean()) > 0.25
    assert float(left[:, :80].abs().mean()) < 0.01


def test_parts_are_laid_onto_one_another() -> None:
    """Whatever the reference is, two parts differ by what their known poses differ by."""
    random = np.random.default_rng(0)
    poses = [Pose(*random.uniform(-4, 4, 2).tolist(), float(random.uniform(-0.02, 0.02))) for _ in range(8)]
    images = np.stack([drawn(pose).numpy() for pose in poses])
    registration, found = Registration.of(images)
    turns = [one.turn - pose.turn for one, pose in zip(found, poses, strict=True)]
    assert np.ptp(turns) * SIZE[1] / 2 < 0.2  # pixels at the side, between the two farthest apart
    aligned = [
        sampled(torch.from_numpy(image), *one.in_picture(SIZE)) for image, one in zip(images, found, strict=True)
    ]
    after, before = (of.std(0)[0, 15:-15, 15:-15].mean() for of in (torch.stack(aligned), torch.from_numpy(images)))
    assert float(after) < 0.2 * float(before)
    assert registration.reference.shape == SIZE
