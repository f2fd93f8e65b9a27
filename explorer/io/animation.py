"""Pictures in a row as files: a PNG strip, a GIF, and an MP4 where FFmpeg is installed.

All take frames (N, C, H, W), C 1 or 3, uint8 or float in [0, 1] (values outside are clipped); each pixel becomes a
square of ``scale`` x ``scale``, never blurred.
"""

from __future__ import annotations

import io
import subprocess
import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
from jaxtyping import Num
from PIL import Image

from explorer.core.errors import ExplorerError
from explorer.io.images import grid, png_bytes, to_uint8

MAX_FRAMES = 1000
MAX_SIDE = 4096
"""In pixels of the file: what common decoders of H.264 still play."""
MAX_GIF_RATE = 50
"""Frames a second; browsers slow down GIFs that are quicker."""
ENCODING_LIMIT_S = 300
CRF = 12
"""Quality of H.264, 0 to 51, lower is better: a decoded frame differs from the picture by about 1 of 255."""


class EncoderMissingError(ExplorerError):
    """There is no FFmpeg to encode MP4 files with."""


def strip(frames: Num[np.ndarray, "n *event"], scale: int = 1, gap: int = 1) -> bytes:
    """A PNG of all frames from left to right.

    Args:
        frames: see above.
        scale: see above.
        gap: white pixels between frames, before scaling.

    Raises:
        ValueError: there are no frames, or too many or too large ones.
    """
    _check(frames, scale)
    return png_bytes(grid(frames, columns=len(frames), gap=gap), scale)


def gif(frames: Num[np.ndarray, "n *event"], seconds: float, scale: int = 1, there_and_back: bool = False) -> bytes:
    """A GIF that plays again and again.

    Args:
        frames: see above.
        seconds: from the first frame to the end of the last; GIFs count in hundredths, so a frame's own time is
            rounded, but not the whole.
        scale: see above.
        there_and_back: play the frames backwards after the last, in as many seconds again, less the two ends.

    Raises:
        ValueError: there are no frames, too many or too large ones, or more than 50 a second.
    """
    _check(frames, scale, seconds)
    if len(frames) > MAX_GIF_RATE * seconds:
        raise ValueError(f"a GIF shows at most {MAX_GIF_RATE} frames a second, not {len(frames)} in {seconds} s")
    pixels = _played(frames, there_and_back)
    ends = np.rint(100 * seconds / len(frames) * np.arange(len(pixels) + 1)).astype(int)
    pictures = (_picture(frame.repeat(scale, axis=1).repeat(scale, axis=2)) for frame in pixels)
    out = io.BytesIO()
    next(pictures).save(
        out,
        format="GIF",
        save_all=True,
        append_images=pictures,
        duration=(10 * np.diff(ends)).tolist(),  # Pillow wants milliseconds
        loop=0,
        disposal=1,
    )
    return out.getvalue()


def mp4(frames: Num[np.ndarray, "n *event"], seconds: float, scale: int = 1, there_and_back: bool = False) -> bytes:
    """An MP4 that every player opens: H.264, 4:2:0, with even sides (an odd one gets its last row or column twice).

    Args:
        frames, seconds, scale, there_and_back: as for ``gif``, at any rate. The file cannot say that it repeats; that
            is up to the player.

    Raises:
        EncoderMissingError: FFmpeg is not installed.
        ExplorerError: FFmpeg failed.
        ValueError: there are no frames, or too many or too large ones.
    """
    _check(frames, scale, seconds)
    pixels = _played(frames, there_and_back)
    pixels = np.broadcast_to(pixels, (len(pixels), 3, *pixels.shape[2:]))  # grey to RGB
    with tempfile.TemporaryDirectory() as folder:  # FFmpeg goes back to the start of the file when it is done
        file = Path(folder) / "film.mp4"
        arguments = _arguments(pixels.shape[3], pixels.shape[2], scale, _rate(len(frames), seconds))
        done = subprocess.run(
            [encoder(), *arguments, str(file)],
            input=np.ascontiguousarray(np.moveaxis(pixels, 1, -1)).tobytes(),
            capture_output=True,
            timeout=ENCODING_LIMIT_S,
            check=False,
        )
        if done.returncode != 0:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise ExplorerError(f"FFmpeg could not write the MP4: {said[-1] if said else done.returncode}.", "Try GIF.")
        return file.read_bytes()


def encoder() -> str:
    """Path of the FFmpeg that MP4s are written with.

    Raises:
        EncoderMissingError: there is none; the hint says how to get it.
    """
    hint = "Install it with: python -m pip install imageio-ffmpeg. Then start the app again. PNG and GIF need nothing."
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise EncoderMissingError("MP4 needs the package imageio-ffmpeg, which is not installed.", hint) from error
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise EncoderMissingError("imageio-ffmpeg has no FFmpeg for this machine.", hint) from error


def _arguments(width: int, height: int, scale: int, rate: Fraction) -> list[str]:
    """For FFmpeg, which reads RGB frames from its input."""
    extra_x, extra_y = (width * scale) % 2, (height * scale) % 2
    filters = [f"scale={width * scale}:{height * scale}:flags=neighbor"]
    if extra_x or extra_y:
        filters.append(f"pad={width * scale + extra_x}:{height * scale + extra_y}")
        filters.append(f"fillborders=right={extra_x}:bottom={extra_y}:mode=smear")
    # Players take untagged colour for one matrix or the other, so the matrix is chosen and named.
    filters.append("scale=out_color_matrix=bt709:out_range=tv:flags=neighbor")
    colour = [f"-{field}" for field in ("colorspace", "color_primaries", "color_trc")]
    return [
        *("-hide_banner", "-loglevel", "error", "-y"),
        *("-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", f"{width}x{height}", "-framerate", str(rate)),
        *("-i", "pipe:0", "-an", "-vf", ",".join(filters)),
        *("-c:v", "libx264", "-preset", "medium", "-crf", str(CRF), "-pix_fmt", "yuv420p"),
        *(word for option in colour for word in (option, "bt709")),
        *("-color_range", "tv", "-movflags", "+faststart"),
    ]


def _rate(frames: int, seconds: float) -> Fraction:
    return (frames / Fraction(seconds).limit_denominator(1000)).limit_denominator(100_000)


def _check(frames: np.ndarray, scale: int, seconds: float = 1.0) -> None:
    shape = np.shape(frames)
    if len(shape) != 4 or not 0 < shape[0] <= MAX_FRAMES or shape[1] not in (1, 3) or min(shape[2:]) < 1:
        raise ValueError(f"expected 1 to {MAX_FRAMES} frames (N, 1 or 3, H, W), got {shape}")
    if scale < 1 or max(shape[2:]) * scale > MAX_SIDE:
        raise ValueError(f"frames of {shape[3]}x{shape[2]} cannot be scaled by {scale}: sides end at {MAX_SIDE} pixels")
    if not 0 < seconds < float("inf"):
        raise ValueError(f"a film cannot take {seconds} seconds")


def _played(frames: np.ndarray, there_and_back: bool) -> np.ndarray:
    pixels = to_uint8(np.asarray(frames))
    return np.concatenate([pixels, pixels[-2:0:-1]]) if there_and_back else pixels


def _picture(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(pixels[0] if len(pixels) == 1 else np.ascontiguousarray(np.moveaxis(pixels, 0, -1)))
