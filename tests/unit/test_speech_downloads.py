"""Installing a model: whole, checked, resumed where it stopped; a hub on loopback stands in."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from clipforge_desktop.domain.catalogue import (
    CatalogueEntry,
)
from clipforge_desktop.domain.errors import CancelledError, ClipForgeError, TransientError
from clipforge_desktop.speech.downloading import install, installed_at
from clipforge_desktop.speech.model_folder import (
    MANIFEST,
    validate_whisper_folder,
)
from tests import tiny_whisper
from tests.unit.test_speech_models import code_of, flip_byte

COMMIT = "1234567890abcdef1234567890abcdef12345678"


def quiet() -> None: ...


def ignore(fraction: float) -> None: ...


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_whisper.build(tmp_path_factory.mktemp("hub") / "tiny")


class Hub:
    """The few calls of a model hub that a download makes, with a way to cut a file short."""

    def __init__(self, repository: str, folder: Path) -> None:
        self.repository = repository
        self.files = {file.name: file.read_bytes() for file in sorted(folder.iterdir())}
        self.cut_at: int | None = None
        self.ranges: list[str] = []
        self.sha256 = hashlib.sha256(self.files["model.bin"]).hexdigest()
        hub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *arguments: object) -> None: ...

            def do_HEAD(self) -> None:
                self.respond(is_head=True)

            def do_GET(self) -> None:
                self.respond(is_head=False)

            def respond(self, is_head: bool) -> None:
                hub.respond(self, is_head)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    def respond(self, handler: BaseHTTPRequestHandler, is_head: bool) -> None:
        path = handler.path.split("?")[0]
        if f"/{self.repository}/" not in f"{path}/":
            self._send(handler, 404, b"{}", {"X-Error-Code": "RepoNotFound"}, is_head)
        elif "/api/models/" in path:
            siblings = [self._listed(name) for name in self.files]
            about = {"id": self.repository, "sha": COMMIT, "siblings": siblings}
            self._send_json(handler, about, is_head)
        else:
            self._send_file(handler, path.rsplit("/", 1)[1], is_head)

    def _listed(self, name: str) -> dict[str, object]:
        data = self.files[name]
        listed: dict[str, object] = {"rfilename": name, "size": len(data), "blobId": "0"}
        if name == "model.bin":
            listed["lfs"] = {"sha256": self.sha256, "size": len(data), "pointerSize": 134}
        return listed

    def _send_json(self, handler: BaseHTTPRequestHandler, value: object, is_head: bool) -> None:
        headers = {"Content-Type": "application/json"}
        self._send(handler, 200, json.dumps(value).encode(), headers, is_head)

    def _send_file(self, handler: BaseHTTPRequestHandler, name: str, is_head: bool) -> None:
        data = self.files[name]
        headers = {
            "ETag": f'"{_digest(data)}"',
            "X-Repo-Commit": COMMIT,
            "Accept-Ranges": "bytes",
        }
        wanted = handler.headers.get("Range", "")
        status = 200
        if wanted.startswith("bytes="):
            first = int(wanted[6:].split("-")[0])
            self.ranges.append(f"{name}:{first}")
            headers["Content-Range"] = f"bytes {first}-{len(data) - 1}/{len(data)}"
            data, status = data[first:], 206
        self._send(handler, status, data, headers, is_head, self.cut_at)

    def _send(
        self,
        handler: BaseHTTPRequestHandler,
        status: int,
        body: bytes,
        headers: dict[str, str],
        is_head: bool,
        cut_at: int | None = None,
    ) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if is_head:
            return
        if cut_at is not None and len(body) > cut_at:
            handler.wfile.write(body[:cut_at])
            handler.wfile.flush()
            handler.close_connection = True
            handler.connection.close()
        else:
            handler.wfile.write(body)


def _digest(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


@pytest.fixture
def hub(whole: Path) -> Iterator[Hub]:
    hub = Hub("somebody/tiny-talk", whole)
    yield hub
    hub.close()


@pytest.fixture
def entry() -> CatalogueEntry:
    return installed_at("somebody/tiny-talk")


Fetch = Callable[..., Path]


@pytest.fixture
def fetch(hub: Hub, entry: CatalogueEntry, tmp_path: Path) -> Fetch:
    def fetch(
        check: Callable[[], None] = quiet, on_progress: Callable[[float], None] = ignore
    ) -> Path:
        return install(entry, tmp_path, check=check, on_progress=on_progress, endpoint=hub.address)

    return fetch


def test_a_model_is_downloaded_checked_and_put_in_place(fetch: Fetch, tmp_path: Path) -> None:
    fractions: list[float] = []
    folder = fetch(on_progress=fractions.append)
    assert folder == tmp_path / "whisper" / "somebody--tiny-talk"
    validate_whisper_folder(folder)
    assert (folder / MANIFEST).is_file()
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    flip_byte(folder / "tokenizer.json", 1000)
    assert code_of(folder) == "model_damaged"
    validate_whisper_folder(fetch())  # installing again mends it


def test_a_cut_download_resumes_where_it_stopped(
    fetch: Fetch, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.file_download.time.sleep", lambda seconds: None)
    hub.cut_at = 12_000_000  # the library writes in blocks of 10 MB

    def stop_soon() -> None:
        if hub.ranges:
            raise CancelledError

    with pytest.raises((TransientError, CancelledError)):
        fetch(check=stop_soon)
    assert not (tmp_path / "whisper" / "somebody--tiny-talk").exists()
    hub.cut_at = None
    hub.ranges.clear()
    validate_whisper_folder(fetch())
    assert any(int(asked.split(":")[1]) >= 10_000_000 for asked in hub.ranges)


def test_a_file_that_is_not_what_its_publisher_listed_is_refused(fetch: Fetch, hub: Hub) -> None:
    hub.sha256 = "0" * 64
    with pytest.raises(TransientError) as refused:
        fetch()
    assert refused.value.failure.code == "model_download_damaged"


def test_a_cancel_stops_a_download(fetch: Fetch) -> None:
    calls: list[int] = []

    def check() -> None:
        calls.append(1)
        if len(calls) > 3:
            raise CancelledError

    with pytest.raises(CancelledError):
        fetch(check=check)


def test_a_model_that_nobody_publishes_is_named(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(ClipForgeError) as refused:
        install(
            installed_at("somebody/nothing"),
            tmp_path,
            check=quiet,
            on_progress=ignore,
            endpoint=hub.address,
        )
    assert refused.value.failure.code == "model_not_published"


def test_a_repository_of_something_else_is_refused(hub: Hub, fetch: Fetch, tmp_path: Path) -> None:
    del hub.files["model.bin"]
    with pytest.raises(ClipForgeError) as refused:
        fetch()
    assert refused.value.failure.code == "model_not_published"


def test_offline_opens_no_connection(hub: Hub, entry: CatalogueEntry, tmp_path: Path) -> None:
    with pytest.raises(ClipForgeError) as refused:
        install(
            entry,
            tmp_path,
            check=quiet,
            on_progress=ignore,
            is_offline=True,
            endpoint=hub.address,
        )
    assert refused.value.failure.code == "offline"


def test_a_hub_that_is_not_there_is_worth_another_try(
    entry: CatalogueEntry, hub: Hub, tmp_path: Path
) -> None:
    address = hub.address
    hub.server.shutdown()
    hub.server.server_close()
    with pytest.raises(TransientError) as refused:
        install(entry, tmp_path, check=quiet, on_progress=ignore, endpoint=address)
    assert refused.value.failure.code == "model_download_failed"
