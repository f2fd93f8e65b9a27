"""Strips, GIFs and MP4s, decoded again by Pillow and by FFmpeg."""

from __future__ import annotations

import builtins
import io
import subprocess

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from explorer.core.errors import ExplorerError
from explorer.io import animation


@pytest.fixture
def frames():
    """Seven pictures (7, 3, 5, 4) that all differ, with saturated colours."""
    pixels = np.zeros((7, 3, 5, 4), np.uint8)
    for i in range(7):
        pixels[i, i % 3, : 1 + i % 5] = 255
        pixels[i, (i + 1) % 3, :, i % 4] = 120
        pixels[i, :, 4] = 30 * i
    return pixels


def video(content, tmp_path):
    """Size, pixel format, frames a second, and the frames (n, H, W, 3) of an MP4."""
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    reader = imageio_ffmpeg.read_frames(str(path))
    about = next(reader)
    width, height = about["size"]
    shown = [np.frombuffer(frame, np.uint8).reshape(height, width, 3) for frame in reader]
    return about, np.stack(shown)


def enlarged(frame, scale):
    return np.moveaxis(frame, 0, -1).repeat(scale, 0).repeat(scale, 1)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_strip_holds_every_frame(frames, channels):
    picture = np.asarray(Image.open(io.BytesIO(animation.strip(frames[:, :channels], scale=3, gap=1))))
    assert picture.shape[:2] == (15, 3 * (7 * 4 + 6))
    for i in range(7):
        here = picture[:, 15 * i : 15 * i + 12].reshape(15, 12, channels)
        np.testing.assert_array_equal(here, enlarged(frames[i, :channels], 3))
    assert (picture[:, 12:15] == 255).all(), "white between them"


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("back", [False, True])
def test_a_gif_gives_its_frames_back(frames, channels, back):
    picture = Image.open(io.BytesIO(animation.gif(frames[:, :channels], seconds=1, scale=3, there_and_back=back)))
    assert picture.size == (12, 15)
    assert picture.n_frames == (12 if back else 7), "there and back, without the ends twice"
    assert picture.info["loop"] == 0
    durations, shown = [], []
    for i in range(picture.n_frames):
        picture.seek(i)
        durations.append(picture.info["duration"])
        shown.append(np.asarray(picture.convert("RGB")))
    assert sum(durations[:7]) == 1000, "rounding a frame's time to hundredths does not add up"
    assert max(durations) - min(durations) <= 10
    for i in (0, 6):
        expected = enlarged(frames[i, :channels] * np.ones((3, 1, 1), np.uint8), 3)
        np.testing.assert_allclose(shown[i], expected, atol=1)
    if back:
        np.testing.assert_array_equal(shown[7], shown[5])
        np.testing.assert_array_equal(shown[11], shown[1])


def test_frames_of_a_gif_that_are_alike_keep_their_time():
    picture = Image.open(io.BytesIO(animation.gif(np.zeros((4, 1, 3, 3)), seconds=2)))
    assert picture.info["duration"] * picture.n_frames == 2000


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("scale", "size"), [(1, (4, 6)), (3, (12, 16)), (8, (32, 40))])
def test_an_mp4_gives_its_frames_back(frames, tmp_path, channels, scale, size):
    content = animation.mp4(frames[:, :channels], seconds=2, scale=scale, there_and_back=True)
    about, shown = video(content, tmp_path)
    assert about["codec"].startswith("h264")
    assert about["pix_fmt"].startswith("yuv420p")
    assert about["size"] == size, "even sides, or players refuse it"
    assert about["fps"] == pytest.approx(3.5)
    assert about["duration"] == pytest.approx(12 / 3.5, abs=0.02)
    assert len(shown) == 12
    if channels == 3 and scale % 2:
        return  # two pixels share a colour in 4:2:0, so only even squares come back as they were
    for here, mirrored in ((0, 0), (6, 6), (11, 1)):
        expected = enlarged(frames[mirrored, :channels] * np.ones((3, 1, 1), np.uint8), scale)
        cut = shown[here, : 5 * scale, : 4 * scale].astype(int)
        assert np.abs(cut - expected).mean() < 3
    if size[1] > 5 * scale:
        np.testing.assert_allclose(shown[:, -1].astype(int), shown[:, -2], atol=12, err_msg="no black line below")


def test_one_frame_is_a_film_too(tmp_path):
    _, shown = video(animation.mp4(np.full((1, 1, 8, 8), 0.5), seconds=1, scale=4), tmp_path)
    assert shown.shape == (1, 32, 32, 3)
    assert shown.mean() == pytest.approx(128, abs=2)
    assert Image.open(io.BytesIO(animation.gif(np.zeros((1, 1, 8, 8)), seconds=1))).size == (8, 8)


@pytest.mark.parametrize("write", [animation.gif, animation.mp4])
@pytest.mark.parametrize(
    ("shape", "seconds", "scale", "message"),
    [
        ((0, 1, 4, 4), 1, 1, "frames"),
        ((3, 2, 4, 4), 1, 1, "frames"),
        ((4, 4), 1, 1, "frames"),
        ((animation.MAX_FRAMES + 1, 1, 1, 1), 1000, 1, "frames"),
        ((2, 1, 4, 4), 0, 1, "seconds"),
        ((2, 1, 4, 4), float("nan"), 1, "seconds"),
        ((2, 1, 4, 4), 1, 0, "scaled by 0"),
        ((2, 1, 4, 64), 1, 65, "end at 4096"),
    ],
)
def test_films_that_cannot_be(write, shape, seconds, scale, message):
    with pytest.raises(ValueError, match=message):
        write(np.zeros(shape), seconds, scale)


def test_a_gif_that_browsers_would_slow_down_is_refused():
    with pytest.raises(ValueError, match="at most 50 frames a second"):
        animation.gif(np.zeros((51, 1, 2, 2)), seconds=1)
    assert animation.gif(np.zeros((50, 1, 2, 2)), seconds=1)


def test_without_an_encoder_it_says_what_to_install(monkeypatch, frames):
    real = builtins.__import__

    def without(name, *rest):
        if name == "imageio_ffmpeg":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(animation.EncoderMissingError, match="pip install imageio-ffmpeg"):
        animation.mp4(frames, 1)
    assert animation.gif(frames, 1)
    assert animation.strip(frames)


def test_a_machine_that_has_no_binary_is_told_so(monkeypatch, frames):
    def none():
        raise RuntimeError("no ffmpeg exe could be found")

    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", none)
    with pytest.raises(animation.EncoderMissingError, match="no FFmpeg for this machine"):
        animation.mp4(frames, 1)


def test_what_ffmpeg_says_when_it_fails_is_passed_on(monkeypatch, frames):
    real = subprocess.run

    def failing(command, **options):
        return real([*command[:-1], "-no_such_option", "1", command[-1]], **options)

    monkeypatch.setattr(animation.subprocess, "run", failing)
    with pytest.raises(ExplorerError, match=r"(?i)FFmpeg could not write the MP4: .*option"):
        animation.mp4(frames, 1)
