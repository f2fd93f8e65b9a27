"""One file over HTTP: checked by pooch, resumed where a connection was cut."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pooch
import requests
import urllib3.exceptions

from explorer.core.errors import DataError
from explorer.data.base import Progress

_CHUNK = 1 << 16
_TIMEOUT = (10, 30)  # seconds to connect, and between two pieces
_RETRIES = 4


class _CutError(Exception):
    """The connection ended before the file did; what came is kept."""


def download(
    url: str, path: Path, checksum: str, progress: Progress | None = None, hint: str = "", pause: float = 1.0
) -> Path:
    """Download a file, going on from a partial one of an earlier attempt.

    Args:
        url: address of the file.
        path: where it goes; beside it lies ``NAME.part`` while it is incomplete.
        checksum: "md5:..." or "sha256:...".
        progress: called with the share of this file.
        hint: what to do where the server cannot be reached.
        pause: seconds before the first new attempt, doubled before each further one.

    Returns:
        The path.

    Raises:
        DataError: no answer, a cut connection that stays cut, or other bytes than the checksum says.
    """
    pooch.get_logger().setLevel(logging.WARNING)  # the progress callback says it already
    try:
        pooch.retrieve(
            url,
            known_hash=checksum,
            fname=path.name,
            path=path.parent,
            downloader=_resuming_downloader(path.with_name(path.name + ".part"), progress, pause),
        )
    except (_CutError, requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise DataError(f"{url} could not be downloaded: {_reason(error)}.", hint) from error
    except ValueError as error:  # pooch's word for a wrong checksum; it has removed the file
        raise DataError(
            f"{url} is damaged or not the published file: its checksum differs.", f"Try again later. {hint}".strip()
        ) from error
    except OSError as error:
        raise DataError(
            f"{path} cannot be written: {error.strerror}.", "Free some space or set EXPLORER_CACHE."
        ) from error
    return path


def _reason(error: BaseException) -> str:
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"the server answers {error.response.status_code} {error.response.reason}"
    if isinstance(error, requests.ConnectionError):
        return "the server cannot be reached"
    if isinstance(error, requests.Timeout):
        return "the server does not answer"
    return f"the connection was cut ({error})"


def _resuming_downloader(part: Path, progress: Progress | None, pause: float) -> Callable[[str, Any, Any], None]:
    """A downloader for pooch that keeps what it got and asks for the rest by an HTTP Range request."""

    def get(url: str, output_file: str, _pooch: object) -> None:
        for attempt in range(_RETRIES + 1):
            try:
                _continue(url, part, progress)
                part.replace(output_file)
                return
            except (_CutError, requests.RequestException, urllib3.exceptions.HTTPError) as error:
                if attempt == _RETRIES or _is_final(error):
                    raise
                time.sleep(pause * 2**attempt)

    return get


def _is_final(error: BaseException) -> bool:
    """Whether asking again is of no use: the server has answered that it does not have the file."""
    return isinstance(error, requests.HTTPError) and error.response is not None and error.response.status_code < 500


def _continue(url: str, part: Path, progress: Progress | None) -> None:
    """Ask for what is missing of the partial file and append it."""
    start = part.stat().st_size if part.exists() else 0
    # identity: a .gz file must arrive as it is, and Range counts bytes as they are sent.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    with requests.get(url, headers=headers, stream=True, timeout=_TIMEOUT) as response:
        if response.status_code == requests.codes.requested_range_not_satisfiable:
            if _total(response) != start:
                part.unlink()
                raise _CutError("the partial file did not fit and was dropped")
            return
        response.raise_for_status()
        if response.status_code != requests.codes.partial_content:
            start = 0  # the server has no Range requests: everything comes again
        elif not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            part.unlink()
            raise _CutError("the server sent another range than was asked for")
        total = _total(response)
        with part.open("r+b" if start else "wb") as file:
            file.seek(start)
            for chunk in response.raw.stream(_CHUNK, decode_content=False):
                file.write(chunk)
                if progress and total:
                    progress(min(1.0, file.tell() / total), f"{file.tell() / 2**20:.1f} of {total / 2**20:.1f} MiB")
            end = file.tell()
    if total is not None and end < total:
        raise _CutError(f"{end:,} of {total:,} bytes")


def _total(response: requests.Response) -> int | None:
    """Size of the whole file as the answer's headers give it."""
    _, slash, size = response.headers.get("Content-Range", "").rpartition("/")
    if not slash:
        size = response.headers.get("Content-Length", "")
    return int(size) if size.isdigit() else None
