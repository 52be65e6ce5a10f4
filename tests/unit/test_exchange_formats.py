"""What editors read back from our files: the same frames, within one, over three hours."""

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from urllib.parse import unquote
from xml.etree import ElementTree

import opentimelineio as otio
import pytest

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.formats import output_rate
from clipforge_desktop.domain.source import AudioStream, MediaInfo, VideoStream
from clipforge_desktop.exchange.edl import edl
from clipforge_desktop.exchange.fcpxml import fcpxml
from clipforge_desktop.exchange.file_url import file_url
from clipforge_desktop.exchange.formats import FORMATS, documents
from clipforge_desktop.exchange.otio import otio_json
from clipforge_desktop.exchange.premiere import TICKS_PER_S, premiere_xml
from clipforge_desktop.exchange.sequence import Sequence, editing_rate, sequence_of

HOURS_3_S = 3 * 3600.0
TALK = PurePosixPath("/home/Zoë/My talk 100% & more.mp4")
# 40 pieces that begin and end between frames, one of them going back in time
PIECES = (
    *(Piece(at * 271.37 + 0.0123, at * 271.37 + 1.7 + at * 0.0531) for at in range(38)),
    Piece(HOURS_3_S - 20.0, HOURS_3_S - 0.01),
    Piece(12.34, 13.57),
)


@dataclass(frozen=True)
class Case:
    """A camera. `timecode` is that of its first frame."""

    name: str
    fps: float
    rate: Fraction
    timecode: str = ""
    is_variable: bool = False


CASES = (
    Case("film", 24000 / 1001, Fraction(24000, 1001), "01:00:00:00"),
    Case("pal", 25.0, Fraction(25), "10:00:00:05"),
    Case("ntsc drop", 30000 / 1001, Fraction(30000, 1001), "01:00:00;02"),
    Case("ntsc non-drop", 30000 / 1001, Fraction(30000, 1001), "01:00:00:02"),
    Case("59.94", 60000 / 1001, Fraction(60000, 1001), "00:59:59;58"),
    Case("59.94 without timecode", 59.94, Fraction(60000, 1001)),
    Case("phone", 29.87, Fraction(30), is_variable=True),
    Case("slow motion", 120.0, Fraction(60)),
    Case("webcam", 15.0, Fraction(30)),
)
each_camera = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def media(case: Case, *, tracks: tuple[int, ...] = (2,), has_picture: bool = True) -> MediaInfo:
    video = VideoStream(
        0, "h264", 1920, 1080, case.fps, case.is_variable, 0, False, (1, 1), "yuv420p", False, ""
    )
    audio = tuple(AudioStream(n + 1, "aac", count, 48_000, "") for n, count in enumerate(tracks))
    info = MediaInfo("mov", 1, HOURS_3_S, 1.4, video if has_picture else None, audio)
    return replace(info, timecode=case.timecode)


def sequence(
    case: Case = CASES[1], pieces: tuple[Piece, ...] = PIECES, path: PurePath = TALK
) -> Sequence:
    return sequence_of(
        path, media(case), pieces, name="Nobody <told> us", note="Score 80", stem="x"
    )


Span = tuple[Fraction, Fraction, Fraction]  # source in, source out, record in: seconds


def spans_of_fcpxml(text: str, case: Case) -> list[Span]:
    root = ElementTree.fromstring(text)
    [asset] = root.iter("asset")
    first_s = seconds(asset.get("start", ""))
    found = []
    for clip in root.iter("asset-clip"):
        start_s = seconds(clip.get("start", "")) - first_s
        record_s = seconds(clip.get("offset", ""))
        found.append((start_s, start_s + seconds(clip.get("duration", "")), record_s))
    return found


def seconds(text: str) -> Fraction:
    assert text.endswith("s")
    return Fraction(text[:-1])


def spans_of_premiere(text: str, case: Case) -> list[Span]:
    found = []
    root = ElementTree.fromstring(text)
    for item in root.iterfind("sequence/media/video/track/clipitem"):
        rate = Fraction(item.findtext("rate/timebase", ""))
        rate /= Fraction(1001, 1000) if item.findtext("rate/ntsc") == "TRUE" else 1
        frame = {tag: int(item.findtext(tag, "")) for tag in ("in", "out", "start", "end")}
        assert frame["out"] - frame["in"] == frame["end"] - frame["start"]
        assert int(item.findtext("pproTicksIn", "")) * rate == frame["in"] * TICKS_PER_S
        found.append((frame["in"] / rate, frame["out"] / rate, frame["start"] / rate))
    return found


def spans_of_timeline(timeline: otio.schema.Timeline, case: Case) -> list[Span]:
    first_s = Fraction(0)
    if case.timecode:
        first = otio.opentime.from_timecode(case.timecode, float(case.rate))
        first_s = Fraction(round(first.value)) / exact(first.rate)
    found = []
    for clip in timeline.video_tracks()[0]:
        source, record = clip.source_range, clip.range_in_parent()
        rate = exact(source.start_time.rate)
        start_s = Fraction(round(source.start_time.value)) / rate - first_s
        length_s = Fraction(round(source.duration.value)) / rate
        record_s = Fraction(round(record.start_time.value)) / exact(record.start_time.rate)
        found.append((start_s, start_s + length_s, record_s))
    return found


def exact(rate: float) -> Fraction:
    return Fraction(rate).limit_denominator(1001)


def spans_of_otio(text: str, case: Case) -> list[Span]:
    return spans_of_timeline(otio.adapters.read_from_string(text, "otio_json"), case)


def spans_of_edl(text: str, case: Case) -> list[Span]:
    read = otio.adapters.read_from_string(text, "cmx_3600", rate=float(case.rate))
    return spans_of_timeline(read, case)


def check(spans: list[Span], rate: Fraction) -> None:
    assert len(spans) == len(PIECES)
    record_s = Fraction(0)
    for (start_s, end_s, at_s), piece in zip(spans, PIECES, strict=True):
        assert abs(start_s - Fraction(piece.start_s)) <= 1 / rate
        assert abs(end_s - Fraction(piece.end_s)) <= 1 / rate
        assert abs(at_s - record_s) <= 1 / (2 * rate)
        record_s += Fraction(piece.end_s) - Fraction(piece.start_s)
    for (start_s, end_s, at_s), (_, _, next_s) in pairwise(spans):
        assert at_s + end_s - start_s == next_s, "no gap and no overlap"


@each_camera
def test_fcpxml_cuts_where_the_clip_does(case: Case) -> None:
    check(spans_of_fcpxml(fcpxml("Talk", [sequence(case)]), case), case.rate)


@each_camera
def test_premiere_xml_cuts_where_the_clip_does(case: Case) -> None:
    check(spans_of_premiere(premiere_xml("Talk", [sequence(case)]), case), case.rate)


@each_camera
def test_an_edl_cuts_where_the_clip_does(case: Case) -> None:
    check(spans_of_edl(edl(sequence(case)), case), case.rate)


@each_camera
def test_opentimelineio_cuts_where_the_clip_does(case: Case) -> None:
    check(spans_of_otio(otio_json(sequence(case)), case), case.rate)


@each_camera
def test_other_programs_read_the_same_from_premiere_xml_as_from_otio(case: Case) -> None:
    text = premiere_xml("Talk", [sequence(case)])
    read = otio.adapters.read_from_string(text, "fcp_xml")
    spans = spans_of_timeline(read, case)
    assert spans == spans_of_otio(otio_json(sequence(case)), case)
    for picture, sound in zip(*read.tracks, strict=True):
        assert sound.source_range == picture.source_range


@each_camera
def test_the_sequence_runs_at_the_rate_of_the_exported_clip(case: Case) -> None:
    video = media(case).video
    assert editing_rate(video) == output_rate(video) == case.rate


@pytest.mark.parametrize(
    ("fps", "rate"),
    [
        (12.5, 25),
        (10, 30),
        (1, 24),
        (26.3, Fraction(30000, 1001)),
        (240, 60),
        (29.9695, Fraction(30000, 1001)),
    ],
)
def test_a_rate_that_editors_do_not_know_becomes_one_that_they_do(
    fps: float, rate: int | Fraction
) -> None:
    video = media(replace(CASES[1], fps=fps)).video
    assert editing_rate(video) == rate


@pytest.mark.parametrize(
    ("case", "mode", "first"),
    [
        (CASES[0], "NON-DROP FRAME", "01:00:00:00"),
        (CASES[2], "DROP FRAME", "01:00:00;02"),
        (CASES[3], "NON-DROP FRAME", "01:00:00:02"),
        (CASES[5], "DROP FRAME", "00:00:00;00"),
        (CASES[6], "NON-DROP FRAME", "00:00:00:00"),
    ],
    ids=lambda value: value.name if isinstance(value, Case) else "",
)
def test_an_edl_says_whether_it_drops_and_counts_from_the_camera(
    case: Case, mode: str, first: str
) -> None:
    lines = edl(sequence(case, (Piece(0.0, 600.0),))).splitlines()
    assert lines[1] == f"FCM: {mode}"
    number, reel, channels, cut, begin, _, record, _ = lines[3].split()
    assert (number, reel, channels, cut, begin) == ("001", "AX", "AA/V", "C", first)
    assert record.replace(";", ":") == "01:00:00:00"


def test_a_source_hour_of_drop_frame_is_an_hour_of_the_clock() -> None:
    hour = edl(sequence(CASES[5], (Piece(3600.0, 3610.0),)))
    assert "01:00:00;00 01:00:09;59" in hour, "an hour of the clock, not 3.6 s less"


@pytest.mark.parametrize(
    ("path", "url"),
    [
        (TALK, "file:///home/Zo%C3%AB/My%20talk%20100%25%20%26%20more.mp4"),
        (PurePosixPath("/a/b:c#d?e'\"<\n.mp4"), "file:///a/b%3Ac%23d%3Fe%27%22%3C%0A.mp4"),
        (PureWindowsPath("C:\\Users\\Zoë\\a 50%.mp4"), "file:///C:/Users/Zo%C3%AB/a%2050%25.mp4"),
        (PureWindowsPath("\\\\nas\\films\\誰.mp4"), "file://nas/films/%E8%AA%B0.mp4"),
    ],
)
def test_every_format_names_the_file_so_that_it_is_found(path: PurePath, url: str) -> None:
    one = sequence(path=path)
    assert file_url(path) == url
    [rep] = ElementTree.fromstring(fcpxml("x", [one])).iter("media-rep")
    assert rep.get("src") == url
    urls = [e.text or "" for e in ElementTree.fromstring(premiere_xml("x", [one])).iter("pathurl")]
    assert [text.replace("//localhost/", "///") for text in urls] == [url], "described once"
    clip = otio.adapters.read_from_string(otio_json(one), "otio_json").video_tracks()[0][0]
    assert clip.media_reference.target_url == url
    assert unquote(url).endswith(path.name)


@pytest.mark.parametrize(
    ("tracks", "has_picture", "channels"),
    [((2,), True, "AA/V"), ((1,), True, "B"), ((), True, "V"), ((2,), False, "AA"),
     ((6,), True, "AA/V")],
)  # fmt: skip
def test_sound_is_linked_to_the_picture_and_what_is_missing_is_left_out(
    tracks: tuple[int, ...], has_picture: bool, channels: str
) -> None:
    info = media(CASES[1], tracks=tracks, has_picture=has_picture)
    one = sequence_of(TALK, info, PIECES[:3], name="x")
    assert edl(one).splitlines()[3].split()[2] == channels
    root = ElementTree.fromstring(premiere_xml("x", [one]))
    items = {item.get("id"): item for item in root.iter("clipitem")}
    assert len(items) == 3 * (sum(tracks) + has_picture)
    together = sum(tracks) + has_picture
    for item in items.values():
        linked = [link.findtext("linkclipref", "") for link in item.iterfind("link")]
        assert len(linked) == (together if together > 1 else 0)
        begins = {items[name].findtext("start") for name in linked}
        assert begins <= {item.findtext("start")}
    [asset] = ElementTree.fromstring(fcpxml("x", [one])).iter("asset")
    assert (asset.get("hasVideo"), asset.get("hasAudio")) == (
        "1" if has_picture else None, "1" if tracks else None
    )  # fmt: skip
    timeline = otio.adapters.read_from_string(otio_json(one), "otio_json")
    kinds = [track.kind for track in timeline.tracks]
    assert kinds == ["Video"] * has_picture + ["Audio"] * bool(tracks)


def test_the_track_that_is_heard_is_counted_over_all_channels_of_the_file() -> None:
    info = media(CASES[1], tracks=(1, 2))
    one = sequence_of(TALK, replace(info, audio=info.audio[::-1]), PIECES[:1], name="x")
    root = ElementTree.fromstring(premiere_xml("x", [one]))
    sources = [item.findtext("trackindex") for item in root.iter("sourcetrack")]
    assert sources == ["2", "3"]


def test_title_and_reasons_are_a_marker_where_the_clip_begins() -> None:
    one = sequence(CASES[2])
    [marker] = ElementTree.fromstring(fcpxml("x", [one])).iter("marker")
    assert (marker.get("value"), marker.get("note")) == ("Nobody <told> us", "Score 80")
    [marker] = ElementTree.fromstring(premiere_xml("x", [one])).iter("marker")
    assert (marker.findtext("name"), marker.findtext("in")) == ("Nobody <told> us", "0")
    [marker] = (
        otio.adapters.read_from_string(otio_json(one), "otio_json").video_tracks()[0][0].markers
    )
    assert (marker.name, marker.comment) == ("Nobody <told> us", "Score 80")
    assert "* LOC: 01:00:00;00 GREEN   Nobody <told> us\n* COMMENT: Score 80\n" in edl(one)


def test_a_whole_shelf_is_one_file_where_the_format_has_room_and_one_each_where_not() -> None:
    shelf = [replace(sequence(), stem=f"talk-0{n}", name=f"Clip {n}") for n in (1, 2, 3)]
    each = ["talk-01", "talk-02", "talk-03"]
    for kind in FORMATS:
        made = documents(kind, "Talk", "all", shelf)
        stems = each if kind in ("edl", "otio") else ["all"]
        assert [document.stem for document in made] == stems
        assert sum(document.clips for document in made) == 3
    read = otio.adapters.read_from_string(premiere_xml("Talk", shelf), "fcp_xml")
    assert [timeline.name for timeline in read] == ["Clip 1", "Clip 2", "Clip 3"]
    root = ElementTree.fromstring(fcpxml("Talk", shelf))
    assert [project.get("name") for project in root.iter("project")] == [
        "Clip 1",
        "Clip 2",
        "Clip 3",
    ]
    assert len(list(root.iter("asset"))) == 1
    [alone] = documents("fcpxml", "Talk", "all", shelf[:1])
    assert alone.stem == "talk-01"


# What the DTD of FCPXML 1.10 says of the elements that we write: attributes, and children in order.
_DTD: dict[str, tuple[str, str]] = {
    "fcpxml": ("version", "(resources )?(library )?"),
    "resources": ("", "(asset |format )*"),
    "format": ("id name frameDuration fieldOrder width height colorSpace", ""),
    "asset": ("id name start duration hasVideo format hasAudio videoSources audioSources "
              "audioChannels audioRate", "(media-rep )+"),
    "media-rep": ("kind src", ""),
    "library": ("location", "(event )*"),
    "event": ("name uid", "(project )*"),
    "project": ("name uid", "sequence "),
    "sequence": ("format duration tcStart tcFormat audioLayout audioRate", "(note )?spine "),
    "spine": ("", "(asset-clip )*"),
    "asset-clip": ("ref offset name start duration format tcFormat audioRole", "(marker )*"),
    "marker": ("start duration value completed note", ""),
}  # fmt: skip


@each_camera
def test_fcpxml_keeps_to_its_document_type(case: Case) -> None:
    text = fcpxml("Talk", [sequence(case)])
    assert text.splitlines()[1] == "<!DOCTYPE fcpxml>"
    root = ElementTree.fromstring(text)
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    for element in root.iter():
        attributes, children = _DTD[element.tag]
        assert set(element.attrib) <= set(attributes.split())
        assert re.fullmatch(children, "".join(f"{child.tag} " for child in element)), element.tag
        assert {element.get(name) for name in ("ref", "format")} - {None} <= ids


def test_names_with_marks_that_xml_cannot_hold_are_written_without_them() -> None:
    one = sequence_of(TALK, media(CASES[1]), PIECES[:1], name="a\x00b\x1b\ud800]]>&", note="\x0b")
    for text in (fcpxml("\x01", [one]), premiere_xml("\x01", [one])):
        assert any(
            "ab]]>&" in (e.text or "", e.get("name")) for e in ElementTree.fromstring(text).iter()
        )
    assert "TITLE: ab]]>&" in edl(one)


def test_lines_of_a_name_cannot_become_events_of_an_edl() -> None:
    one = sequence(pieces=PIECES[:1], path=PurePosixPath("/a/b\n002  AX V C.mp4"))
    assert len([line for line in edl(one).splitlines() if re.match(r"\d{3} ", line)]) == 1


def test_an_edl_has_room_for_999_events_and_says_so() -> None:
    pieces = tuple(Piece(at * 2.0, at * 2.0 + 1.0) for at in range(1000))
    assert "999  AX" in edl(sequence(pieces=pieces[:999]))
    with pytest.raises(InputError) as refused:
        edl(sequence(pieces=pieces))
    assert refused.value.failure.code == "edl_too_long"


def test_a_clip_at_the_very_end_asks_for_no_frame_that_is_not_there() -> None:
    case = CASES[2]
    one = sequence(case, (Piece(HOURS_3_S - 1.021, HOURS_3_S),))
    assert one.events[0].source + one.events[0].frames <= HOURS_3_S * case.rate


def test_without_the_library_only_otio_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentimelineio", None)
    write: Callable[[Sequence], str]
    for write in (edl, lambda one: fcpxml("x", [one]), lambda one: premiere_xml("x", [one])):
        assert write(sequence())
    with pytest.raises(InputError) as refused:
        otio_json(sequence())
    assert refused.value.failure.code == "otio_missing"
    assert "pip install" in refused.value.failure.next_step
