from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from explorer.core.errors import DataError
from explorer.data import downloads
from explorer.data.downloads import Remote, RemoteFile, fetch, is_local
from explorer.data.fetching import download

BODY = bytes(range(256)) * 1000
CHECKSUM = f"sha256:{hashlib.sha256(BODY).hexdigest()}"


@dataclass
class Site:
    """A local server: what it serves, how it misbehaves, and the Range header of each request so far."""

    address: str
    files: dict[str, bytes]
    cuts: int = 0  # answers that end half way
    errors: int = 0  # answers that are a 503
    knows_ranges: bool = True
    ranges: list[str | None] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            site.ranges.append(wanted)
            if site.errors:
                site.errors -= 1
                return self.send_error(503)
            body = site.files.get(self.path)
            if body is None:
                return self.send_error(404)
            start = 0
            if wanted and site.knows_ranges:
                start = int(re.fullmatch(r"bytes=(\d+)-", wanted)[1])
                if start >= len(body):
                    self.send_response(416)
                    self.send_header("Content-Range", f"bytes */{len(body)}")
                    self.send_header("Content-Length", "0")
                    return self.end_headers()
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            else:
                self.send_response(200)
            self.send_header("Content-Length", str(len(body) - start))
            self.end_headers()
            rest = body[start:]
            if site.cuts:
                site.cuts -= 1
                rest = rest[: len(rest) // 2]
            self.wfile.write(rest)
            return None

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = Site(f"http://127.0.0.1:{server.server_port}", {"/file.bin": BODY})
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()


def get(site: Site, folder: Path, name: str = "file.bin", checksum: str = CHECKSUM, **options: object) -> Path:
    return download(f"{site.address}/{name}", folder / name, checksum, pause=0.001, **options)


def test_a_good_file_arrives_whole_with_progress(site: Site, tmp_path: Path) -> None:
    seen: list[float] = []
    path = get(site, tmp_path, progress=lambda share, _: seen.append(share))
    assert path.read_bytes() == BODY
    assert seen == sorted(seen)
    assert seen[-1] == 1
    assert [p.name for p in tmp_path.iterdir()] == ["file.bin"]


def test_a_file_that_is_there_is_not_fetched_again(site: Site, tmp_path: Path) -> None:
    get(site, tmp_path)
    get(site, tmp_path)
    assert len(site.ranges) == 1


def test_a_corrupted_file_is_refused_and_not_kept(site: Site, tmp_path: Path) -> None:
    site.files["/file.bin"] = b"x" + BODY[1:]
    with pytest.raises(DataError, match="checksum") as caught:
        get(site, tmp_path)
    assert "file.bin" in caught.value.message
    assert list(tmp_path.iterdir()) == []
    site.files["/file.bin"] = BODY
    assert get(site, tmp_path).read_bytes() == BODY


def test_a_cut_connection_is_resumed_where_it_was_cut(site: Site, tmp_path: Path) -> None:
    site.cuts = 2
    assert get(site, tmp_path).read_bytes() == BODY
    half = len(BODY) // 2
    assert site.ranges == [None, f"bytes={half}-", f"bytes={half + half // 2}-"]


def test_a_connection_that_stays_cut_keeps_the_part_for_the_next_call(site: Site, tmp_path: Path) -> None:
    site.cuts = 5
    with pytest.raises(DataError, match="cut"):
        get(site, tmp_path)
    part = tmp_path / "file.bin.part"
    kept = part.stat().st_size
    assert 0 < kept < len(BODY)
    assert part.read_bytes() == BODY[:kept]
    site.ranges.clear()
    assert get(site, tmp_path).read_bytes() == BODY
    assert site.ranges == [f"bytes={kept}-"]
    assert not part.exists()


def test_a_server_without_ranges_starts_over(site: Site, tmp_path: Path) -> None:
    site.cuts, site.knows_ranges = 1, False
    assert get(site, tmp_path).read_bytes() == BODY


@pytest.mark.parametrize("left", [BODY, BODY + b"more"])
def test_a_whole_or_foreign_partial_file_is_settled(site: Site, tmp_path: Path, left: bytes) -> None:
    (tmp_path / "file.bin.part").write_bytes(left)
    assert get(site, tmp_path).read_bytes() == BODY


def test_a_busy_server_is_asked_again_and_a_missing_file_is_not(site: Site, tmp_path: Path) -> None:
    site.errors = 2
    assert get(site, tmp_path).read_bytes() == BODY
    site.ranges.clear()
    with pytest.raises(DataError, match="404"):
        get(site, tmp_path, name="none.bin")
    assert len(site.ranges) == 1


def test_no_server_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be reached") as caught:
        download("http://127.0.0.1:9/a.gz", tmp_path / "a.gz", CHECKSUM, hint="Put it there.", pause=0.001)
    assert caught.value.hint == "Put it there."


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, site: Site) -> Site:
    """A dataset of two files on the local server, and folders of its own."""
    files = {"one.gz": BODY, "two.gz": BODY[:100]}
    entries = tuple(RemoteFile(name, f"sha256:{hashlib.sha256(body).hexdigest()}") for name, body in files.items())
    monkeypatch.setitem(downloads.REMOTES, "tiny", Remote("tiny-folder", "http://127.0.0.1:9/", entries))
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("EXPLORER_DATA", raising=False)
    site.files = {f"/tiny-folder/{name}": body for name, body in files.items()}
    return site


def test_fetch_from_a_mirror(tiny: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_local("tiny")
    seen: list[tuple[float, str]] = []
    paths = fetch("tiny", lambda *call: seen.append(call), mirror=tiny.address)
    assert [path.read_bytes() for path in paths] == [BODY, BODY[:100]]
    assert paths[0].is_relative_to(tmp_path / "cache")
    assert is_local("tiny")
    assert [share for share, _ in seen] == sorted(share for share, _ in seen)
    assert seen[-1][0] == 1
    monkeypatch.setenv("EXPLORER_MIRROR", "http://127.0.0.1:9")
    assert fetch("tiny") == paths  # nothing is asked of the mirror any more


def test_the_mirror_can_come_from_the_environment(tiny: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPLORER_MIRROR", tiny.address + "/")
    assert len(fetch("tiny")) == 2


def test_fetch_looks_into_the_users_own_folder_first(
    tiny: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user_folder = tmp_path / "own" / "tiny-folder"
    user_folder.mkdir(parents=True)
    for path, body in tiny.files.items():
        (user_folder / Path(path).name).write_bytes(body)
    monkeypatch.setenv("EXPLORER_DATA", str(user_folder.parent))
    assert [path.parent for path in fetch("tiny")] == [user_folder, user_folder]
    assert tiny.ranges == []


def test_the_offline_error_says_which_file_and_where_to_put_it(tiny: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("explorer.data.fetching.time.sleep", lambda _: None)
    with pytest.raises(DataError, match=r"one\.gz") as caught:
        fetch("tiny")
    assert "one.gz into" in caught.value.hint
    assert "EXPLORER_DATA" in caught.value.hint


def test_unknown_names_cannot_be_fetched() -> None:
    with pytest.raises(DataError, match="digits") as caught:
        fetch("digits")
    assert "mnist" in caught.value.hint
