"""What `score` says and writes of a series: the spans that raise an alarm, and with --maps the heat of each row.

What takes long to import is imported inside the functions.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from explorer.core.errors import ExplorerError

if TYPE_CHECKING:
    import numpy as np
    from jaxtyping import Float

    from explorer.novelty.detector import Detector
    from explorer.novelty.inputs import TableInput
    from explorer.novelty.series.heat import HeatOverTime, Span
    from explorer.novelty.windows import WindowRows

HEAT, SPANS = "heat.csv", "spans.csv"
SHOWN = 10
"""Spans that are printed."""


@dataclass(eq=False)
class SeriesHeat:
    """Gathers the heat of a series and says where it raises an alarm.

    Args:
        folder: where heat and spans are written; None: they are not.
        rows: the series.
        gathered: of all windows.
    """

    folder: Path | None
    rows: WindowRows
    gathered: HeatOverTime
    _times: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path | None, table: TableInput, detector: Detector) -> SeriesHeat:
        """Nothing gathered yet.

        Raises:
            ExplorerError: the folder is a file.
        """
        from explorer.novelty.series.heat import HeatOverTime
        from explorer.novelty.windows import WindowRows

        assert isinstance(table.rows, WindowRows)  # noqa: S101 - whoever makes this has cut it
        if folder is not None and folder.exists() and not folder.is_dir():
            raise ExplorerError(f"{folder} is a file.", "Give a folder with --maps.")
        return cls(folder, table.rows, HeatOverTime(detector))

    def add(self, keys: Sequence[str], x: Float[np.ndarray, "n d"], columns: dict[str, Any]) -> None:
        """Take in windows, by what they are called, with the columns that are written of them."""
        import numpy as np

        firsts = np.array([int(key.partition("-")[0]) for key in keys], np.int64)
        self.gathered.add(firsts, x, columns["score"], columns["p_value"], columns["alarm"])

    def finish(self) -> None:
        """Find the times of spans, and write what is to be written."""
        spans = self.gathered.spans()
        if self.gathered.windows.time:
            ends = {row for span in spans for row in (span.first, span.last)}
            for row, time in self._rows_with_times():
                if row in ends:
                    self._times[row] = time
        if self.folder is not None:
            self._write(HEAT, self._heat_csv(spans))
            self._write(SPANS, self._spans_csv(spans))

    def _rows_with_times(self) -> Iterator[tuple[int, str]]:
        """Each row of the file: its number and its time, empty where there are none."""
        time = self.gathered.windows.time
        for chunk in self.rows.times():
            times = chunk.cells[time] if time else [""] * len(chunk)
            yield from zip(chunk.rows.tolist(), times, strict=True)

    def _heat_csv(self, spans: Sequence[Span]) -> str:
        windows, heat = self.gathered.windows, self.gathered.heat()
        writer = csv.writer(text := io.StringIO())
        time = [windows.time] if windows.time else []
        of_columns = [f"heat of {column}" for column in windows.columns] if len(windows.columns) > 1 else []
        writer.writerow(["row", *time, "heat", *of_columns, "span"])
        span_of = {row: i for i, span in enumerate(spans, 1) for row in range(span.first, span.last + 1)}
        for row, at in self._rows_with_times():
            of_row = heat[row - 1] if row <= len(heat) else [float("nan")] * len(windows.columns)
            values = [sum(of_row), *(of_row if of_columns else ())]
            written = ["" if value != value else f"{value:.6g}" for value in values]
            writer.writerow([row, *([at] if time else []), *written, span_of.get(row, "")])
        return text.getvalue()

    def _spans_csv(self, spans: Sequence[Span]) -> str:
        rows = csv.writer(text := io.StringIO())
        answers = [self._answer_of(span) for span in spans]
        rows.writerow(answers[0] if answers else ["first", "last", "peak", "score", "p_value", "column"])
        rows.writerows(answer.values() for answer in answers)
        return text.getvalue()

    def _write(self, name: str, text: str) -> None:
        from explorer.checkpoints.files import write_file

        if self.folder is not None:
            write_file(self.folder / name, text.encode())

    def _answer_of(self, span: Span) -> dict[str, Any]:
        times = {"first_time": self._times[span.first], "last_time": self._times[span.last]} if self._times else {}
        return {**asdict(span), **times}

    @property
    def words(self) -> str:
        """The spans, in a few lines."""
        spans = self.gathered.spans()
        lines = [self._in_words(span) for span in spans[:SHOWN]]
        if len(spans) > SHOWN:
            lines.append(f"and {len(spans) - SHOWN:,} more")
        if not spans:
            lines = ["No span raises an alarm."]
        elif len(spans) > 1:
            lines.insert(0, f"{len(spans):,} spans raise an alarm:")
        if self.folder is not None:
            lines.append(f"{HEAT} (of each row) and {SPANS} are in {self.folder}.")
        return "\n".join(lines)

    def _in_words(self, span: Span) -> str:
        times = f" ({self._times[span.first]} to {self._times[span.last]})" if self._times else ""
        column = f", most in `{span.column}`" if len(self.gathered.windows.columns) > 1 else ""
        return (
            f"rows {span.first:,} to {span.last:,}{times}: score {span.score:.4g}, p-value {span.p_value:.3g}{column},"
            f" hottest at row {span.peak:,}"
        )

    @property
    def answer(self) -> dict[str, Any]:
        """The same for an answer in JSON."""
        folder = None if self.folder is None else str(self.folder)
        return {"folder": folder, "spans": [self._answer_of(span) for span in self.gathered.spans()]}
