"""Files made to do harm, or by accident: nothing else is read, nothing is called, nothing dies.

A canary file lies where the hostile ones point to, and a listener waits on loopback: neither may
ever be touched.
"""

import contextlib
import os
import random
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import ffmpeg as compose
import pytest

from clipforge_desktop.domain.errors import ClipForgeError, InputError
from clipforge_desktop.domain.order import ImportRequest
from clipforge_desktop.media import ffmpeg as door
from clipforge_desktop.media.probe import probe
from clipforge_desktop.stages import importing
from tests import media_maker
from tests.media_maker import H264, ffmpeg, lavfi
from tests.stage_context import RecordingContext

posix = pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not allow")

NASTY_NAMES = (
    "it's.mp4",
    'say "hi".mp4',
    "a:b.mp4",
    "http:x.mp4",
    "concat:a|b.mp4",
    "a,b;c.mp4",
    "[0:v]=x.mp4",
    "100%d %03d.mp4",
    "back\\slash.mp4",
    "emoji \U0001f600 é ü 日本.mp4",
    "new\nline.mp4",
    "-leading-dash.mp4",
    "-i.mp4",
    " spaces  .mp4",
    "$(touch x) `id` & | > <.mp4",
    "*?.mp4",
    "x" * 251 + ".mp4",
)


@dataclass(frozen=True)
class Surroundings:
    """What a hostile file would like to reach."""

    canary: Path
    server: socket.socket

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.getsockname()[1]}/canary.mp4"

    def assert_untouched(self) -> None:
        assert not self.was_read()
        with pytest.raises(BlockingIOError):
            self.server.accept()

    def was_read(self) -> bool:
        """A read moves the access time, which lies before that of modification."""
        return self.canary.stat().st_atime > 1000


def _arm(canary: Path) -> None:
    os.utime(canary, (1, 1_000_000))


@pytest.fixture
def around(tmp_path: Path) -> Iterator[Surroundings]:
    canary = media_maker.talk(tmp_path / "canary.mp4", 1)
    _arm(canary)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        surroundings = Surroundings(canary, server)
        canary.read_bytes()
        if not surroundings.was_read():
            pytest.skip("this file system does not tell when a file was read")
        _arm(canary)
        yield surroundings


@pytest.fixture
def context(tmp_path: Path) -> RecordingContext:
    return RecordingContext(tmp_path / "context")


def playlists(around: Surroundings) -> dict[str, str]:
    canary, url = around.canary, around.url
    segments = "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1.0,\n{}\n#EXT-X-ENDLIST\n"
    mpd = (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" mediaPresentationDuration="PT1S">'
        '<Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1">'
        "<BaseURL>{}</BaseURL></Representation></AdaptationSet></Period></MPD>"
    )
    return {
        "m3u8 to a file": segments.format(canary),
        "m3u8 to an address": segments.format(url),
        "m3u8 after a byte order mark": "\ufeff" + segments.format(url),
        "ffconcat to a file": f"ffconcat version 1.0\nfile '{canary}'\n",
        "ffconcat to an address": f"ffconcat version 1.0\nfile '{url}'\n",
        "sdp": (
            "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\n"
            f"m=video {around.server.getsockname()[1]} RTP/AVP 96\na=rtpmap:96 H264/90000\n"
        ),
        "mpd to a file": mpd.format(canary),
        "mpd to an address": mpd.format(url),
        "pls": f"[playlist]\nFile1={url}\nNumberOfEntries=1\n",
        "smil": f'<smil><body><video src="{url}"/></body></smil>',
    }


@pytest.mark.parametrize("name", ["x.m3u8", "x.mp4", "x.mkv", "x.avi", "x.mpd", "x.sdp", "x"])
def test_what_points_elsewhere_is_refused_under_any_name(
    tmp_path: Path, around: Surroundings, context: RecordingContext, name: str
) -> None:
    path = tmp_path / name
    for kind, text in playlists(around).items():
        path.write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            importing.run(ImportRequest(str(path)), context)
        assert caught.value.failure.code == "playlist_refused", kind
    around.assert_untouched()


@pytest.mark.parametrize("name", ["x.m3u8", "x.mp4", "x.sdp", "x.mpd"])
def test_the_door_to_ffmpeg_refuses_them_too(
    tmp_path: Path, around: Surroundings, context: RecordingContext, name: str
) -> None:
    path = tmp_path / name
    for kind, text in playlists(around).items():
        path.write_text(text, encoding="utf-8")
        stream = door.input_file(path)
        arguments = compose.output(stream, "-", format="null").get_args()
        with pytest.raises(ClipForgeError) as caught:
            door.run(arguments, context=context, working_dir=tmp_path)
        assert caught.value.failure.code in ("damaged", "ffmpeg_failed"), kind
    around.assert_untouched()


def _boxes(data: bytes, first: int, end: int) -> Iterator[tuple[int, bytes]]:
    while first + 8 <= end:
        size = int.from_bytes(data[first : first + 4])
        if size < 8:
            return
        yield first, data[first + 4 : first + 8]
        first += size


def _reference_boxes(data: bytes, path: tuple[int, ...], end: int) -> list[tuple[int, ...]]:
    """Offsets of every data reference box with the offsets of the boxes around it before it."""
    found: list[tuple[int, ...]] = []
    begin = path[-1] + 8 if path else 0
    for place, kind in _boxes(data, begin, end):
        inner_end = place + int.from_bytes(data[place : place + 4])
        if kind == b"dref":
            found.append((*path, place))
        elif kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
            found += _reference_boxes(data, (*path, place), inner_end)
    return found


def with_data_reference(source: Path, path: Path, target: Path) -> Path:
    """A copy of an MP4 whose tracks say that their samples lie in `target` (a Mac OS alias)."""
    name = str(target).encode()
    alias = bytes(10) + bytes(28) + bytes(12) + bytes(64) + bytes(16)
    alias += bytes(4) + bytes(16)  # no relative path: only the absolute one
    alias += (18).to_bytes(2) + len(name).to_bytes(2) + name + bytes(len(name) % 2)
    alias += (0xFFFF).to_bytes(2) + bytes(2)
    body = b"alis" + bytes(4) + alias
    box = (len(body) + 4).to_bytes(4) + body
    data = source.read_bytes()
    for places in reversed(_reference_boxes(data, (), len(data))):
        entry = places[-1] + 16
        grown = len(box) - int.from_bytes(data[entry : entry + 4])
        data = data[:entry] + box + data[entry + int.from_bytes(data[entry : entry + 4]) :]
        for place in places:
            size = int.from_bytes(data[place : place + 4]) + grown
            data = data[:place] + size.to_bytes(4) + data[place + 4 :]
    path.write_bytes(data)
    return path


def test_a_video_whose_samples_lie_in_another_file_reads_no_other_file(
    tmp_path: Path, around: Surroundings, context: RecordingContext
) -> None:
    source = media_maker.talk(tmp_path / "source.mp4", 1)
    path = with_data_reference(source, tmp_path / "nested.mp4", around.canary)
    with contextlib.suppress(InputError):  # libav may take the samples from the file itself
        importing.run(ImportRequest(str(path)), context)
    around.assert_untouched()


@pytest.mark.real_media
def test_known_attacks_with_playlists_inside_a_video_are_refused(
    shared: Path, context: RecordingContext
) -> None:
    for path in sorted((shared / "media" / "hostile").iterdir()):
        with pytest.raises(InputError):
            probe(path)


@posix
@pytest.mark.parametrize("name", NASTY_NAMES, ids=range(len(NASTY_NAMES)))
def test_any_name_reads_the_right_file(tmp_path: Path, name: str, around: Surroundings) -> None:
    folder = tmp_path / "videos [a], 'b'"
    folder.mkdir()
    path = media_maker.talk(tmp_path / "plain.mp4", 1).rename(folder / name)
    context = RecordingContext(tmp_path / "context")
    media = importing.run(ImportRequest(str(path)), context).media
    assert media.info.duration_s == pytest.approx(1, abs=0.05)
    assert media.audio is not None
    assert media.thumbnails is not None
    assert [entry.name for entry in folder.iterdir()] == [name]
    around.assert_untouched()


@posix
def test_a_relative_name_is_taken_from_where_we_stand(
    tmp_path: Path, context: RecordingContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    media_maker.talk(tmp_path / "-i.mp4", 1)
    monkeypatch.chdir(tmp_path)
    assert importing.run(ImportRequest("-i.mp4"), context).media.audio is not None


FLIPS = """
import sys
from pathlib import Path
from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.order import ImportRequest
from clipforge_desktop.stages import importing
from tests.stage_context import RecordingContext
for number, path in enumerate(sorted(Path(sys.argv[1]).iterdir())):
    context = RecordingContext(Path(sys.argv[2], str(number)))
    try:
        importing.run(ImportRequest(str(path)), context)
        print(path.name, "ok", flush=True)
    except ClipForgeError as error:
        print(path.name, error.failure.code, flush=True)
"""


def flipped_copies(folder: Path, name: str, codecs: tuple[str, ...]) -> Path:
    """100 copies of a good file with one seeded flip each, half of them near its ends."""
    good = folder / name
    ffmpeg(
        *lavfi("testsrc2=size=64x48:rate=10:duration=0.6"), *lavfi("sine=duration=0.6"),
        *codecs, good,
    )  # fmt: skip
    data = good.read_bytes()
    flipped = folder / f"flipped {name}"
    flipped.mkdir()
    chance = random.Random(33)
    edge = [*range(1024), *range(len(data) - 2048, len(data))]
    for number in range(100):
        copy = bytearray(data)
        place = chance.choice(edge) if number % 2 else chance.randrange(len(data))
        copy[place] ^= 1 << chance.randrange(8)
        (flipped / f"{number:03}").write_bytes(copy)
    return flipped


def test_two_hundred_flipped_bits_never_crash_or_hang_an_import(tmp_path: Path) -> None:
    folders = (
        flipped_copies(tmp_path, "small.mp4", (*H264, "-c:a", "aac")),
        flipped_copies(tmp_path, "small.webm", ("-c:v", "libvpx", "-c:a", "libvorbis")),
    )
    importers = [
        subprocess.Popen(
            [sys.executable, "-c", FLIPS, str(folder), str(tmp_path / "contexts" / folder.name)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for folder in folders
    ]
    for importer in importers:
        output, errors = importer.communicate(timeout=250)
        assert importer.returncode == 0, errors
        lines = output.splitlines()
        assert len(lines) == 100
        assert all(re.fullmatch(r"\d+ [a-z_]+", line) for line in lines)
        assert sum(line.endswith(" ok") for line in lines) > 30
    assert not list((tmp_path / "contexts").rglob("*.part"))
