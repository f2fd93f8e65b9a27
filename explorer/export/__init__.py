"""What leaves the program: codes and scores as CSV and NPZ, pictures as PNGs, views as Python, figures."""

from __future__ import annotations

from explorer.export.compare_python import compare_code
from explorer.export.denoise_python import denoise_code
from explorer.export.files import code_columns, csv_bytes, images_zip, npz_bytes, picture_names
from explorer.export.novelty_python import novelty_code
from explorer.export.python import (
    attribute_code,
    decode_code,
    decoded_code,
    entries_code,
    interpolate_code,
    latent_space_code,
    loss_code,
    sample_code,
    scene_code,
    traversal_code,
    vectors_code,
)
from explorer.export.score_files import parquet_bytes

__all__ = [
    "attribute_code",
    "code_columns",
    "compare_code",
    "csv_bytes",
    "decode_code",
    "decoded_code",
    "denoise_code",
    "entries_code",
    "images_zip",
    "interpolate_code",
    "latent_space_code",
    "loss_code",
    "novelty_code",
    "npz_bytes",
    "parquet_bytes",
    "picture_names",
    "sample_code",
    "scene_code",
    "traversal_code",
    "vectors_code",
]
