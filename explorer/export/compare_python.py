"""What Compare shows as Python: the same items through several models, PCA and JPEG, and what each costs."""

from __future__ import annotations

from collections.abc import Sequence

from explorer.export.program import DataCode, data_code, opened, program


def compare_code(
    checkpoints: Sequence[str],
    dataset: str | DataCode,
    classes: Sequence[str] = (),
    jpeg_items: int = 0,
    first: int | None = None,
) -> str:
    """Python that measures several checkpoints and PCA on the same test items of a dataset.

    Args:
        checkpoints: names or paths.
        dataset: name or path, or how it was opened.
        classes: labels that the items are restricted to; none: all.
        jpeg_items: of images, how many of them are written as JPEG files; 0: none, as of tables, whose errors are
            given by column instead.
        first: row of an item that is shown before the others; None: none was chosen.
    """
    models = ", ".join(opened(name) for name in checkpoints)
    return program(
        [
            *data_code(dataset).lines(),
            "import explorer",
            "from explorer.evaluation import comparison",
            f"models = [{models}]",
            f"items = comparison.choose_items(data, {tuple(classes)!r}){_showing(first)}",
            "entries = [comparison.measure(model, items) for model in models]",
            "sizes = sorted({max(1, entry.bytes_a_code // 4) for entry in entries})",
            "costs = {",
            "    entry.name: [(entry.bytes_a_code, entry.error.value), (entry.bytes_8bit, entry.error_8bit.value)]",
            "    for entry in entries",
            "}  # bytes of a code and its error: at 4 bytes a value and at 1",
            "line = comparison.measure_pca(items, [2**power for power in range(max(sizes).bit_length())])",
            "costs['PCA'] = [(entry.bytes_a_code, entry.error.value) for entry in line]",
            *_jpeg(jpeg_items),
            "entries += comparison.measure_pca(items, sizes)",
            "errors = {entry.name: entry.error.value for entry in entries}",
            "pictures = {entry.name: entry.x_hat for entry in entries}  # of data.x[items.shown]",
            *_by_column(jpeg_items),
            "from explorer.latent.projection import PCA",
            "codes = {model.name: model.encode(data.x[items.rows]) for model in models}",
            "maps = {name: z if z.shape[1] == 2 else PCA().fit_transform(z) for name, z in codes.items()}",
        ]
    )


def _showing(first: int | None) -> str:
    return "" if first is None else f".showing_first({first})"


def _jpeg(items: int) -> list[str]:
    if not items:
        return []
    return [
        "from explorer.core.row_samples import spread_sample",
        "from explorer.evaluation import compression",
        f"files = compression.jpeg(data.x[spread_sample(items.rows, {items})])",
        "costs['JPEG'] = [(file.n_bytes, file.error) for file in files]  # by quality, the smallest first",
    ]


def _by_column(jpeg_items: int) -> list[str]:
    if jpeg_items:
        return []
    return ["column_errors = {entry.name: entry.column_errors for entry in entries}"]
