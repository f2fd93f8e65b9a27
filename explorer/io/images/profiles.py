"""Colour profiles: what they are for, and colours of other kinds than RGB made RGB by them."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

_SPACES = {b"RGB ": "RGB", b"GRAY": "grey", b"CMYK": "CMYK", b"Lab ": "Lab", b"XYZ ": "XYZ"}


def space_of(profile: bytes) -> str:
    """The kind of colours that an ICC profile describes, from its header (ICC.1:2022, 7.2.8)."""
    return _SPACES.get(profile[16:20], "another kind of colours")


def fitting(profile: bytes | None, is_grey: bool, notes: list[str]) -> bytes | None:
    """The profile if it is one for grey or RGB pixels, as wanted; else None, and a word in ``notes``."""
    if not profile:
        return None
    wanted, space = "grey" if is_grey else "RGB", space_of(profile)
    if space == wanted:
        return profile
    notes.append(f"its colour profile is for {space} and the result is {wanted}, so it is left out")
    return None


def to_rgb(image: Image.Image, profile: bytes | None, notes: list[str]) -> tuple[Image.Image, bytes | None]:
    """A CMYK or LAB picture in sRGB, by its profile where it has one, and the profile of the result."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    try:
        source = _source(image.mode, profile)
        if source is not None:
            converted = ImageCms.profileToProfile(image, source, srgb, outputMode="RGB")
            if converted is not None:
                by = "its colour profile" if image.mode == "CMYK" else "CIE Lab's definition"
                notes.append(f"{image.mode} became RGB (sRGB) by {by}")
                return converted, srgb.tobytes()
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        notes.append("its colour profile cannot be read and is left out")
    notes.append(f"{image.mode} became RGB without a profile, so that colours are near and not exact")
    return image.convert("RGB"), None


def _source(mode: str, profile: bytes | None) -> ImageCms.ImageCmsProfile | None:
    if mode == "LAB":
        return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    if profile and space_of(profile) == mode:
        return ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return None
