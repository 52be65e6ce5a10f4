"""FCPXML 1.10, for Final Cut Pro (10.6 and later) and DaVinci Resolve.

Times are exact fractions of a second on the frame grid. What an element may hold, and in which
order, follows Apple's document type definition of version 1.10.
"""

from collections.abc import Sequence as Many
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement

from clipforge_desktop.exchange.file_url import file_url
from clipforge_desktop.exchange.sequence import Event, Media, Sequence, plain
from clipforge_desktop.exchange.xml_text import xml_text

VERSION = "1.10"
_AUDIO_RATES = {32_000: "32k", 44_100: "44.1k", 48_000: "48k", 96_000: "96k"}
_KNOWN_SIZES = {(1280, 720): "720", (1920, 1080): "1080", (3840, 2160): "3840x2160"}
_KNOWN_RATES = ("23.98", "24", "25", "29.97", "30", "50", "59.94", "60")


def fcpxml(project: str, sequences: Many[Sequence]) -> str:
    """One library event named `project`, with a project per sequence."""
    root = Element("fcpxml", version=VERSION)
    resources = _Resources(SubElement(root, "resources"))
    event = SubElement(SubElement(root, "library"), "event", name=plain(project))
    for sequence in sequences:
        _add_project(event, sequence, resources)
    return xml_text(root, "fcpxml")


class _Resources:
    """Formats and assets, each written once and known by its id."""

    def __init__(self, element: Element) -> None:
        self._element = element
        self._ids: dict[object, str] = {}

    def format(self, rate: Fraction, size_px: tuple[int, int] | None) -> str:
        key = ("format", rate, size_px)
        if key not in self._ids:
            found = SubElement(self._element, "format", id=self._take(key))
            name = _format_name(rate, size_px)
            if name:
                found.set("name", name)
            found.set("frameDuration", f"{rate.denominator}/{rate.numerator}s")
            if size_px is not None:
                found.set("width", str(size_px[0]))
                found.set("height", str(size_px[1]))
        return self._ids[key]

    def asset(self, media: Media) -> str:
        key = ("asset", media)
        if key not in self._ids:
            video_format = self.format(media.rate, media.size_px) if media.size_px else None
            asset = SubElement(self._element, "asset", id=self._take(key), name=_name(media))
            asset.set("start", _time(media.start, media.rate))
            asset.set("duration", _time(media.frames, media.rate))
            if video_format is not None:
                asset.set("hasVideo", "1")
                asset.set("format", video_format)
                asset.set("videoSources", "1")
            if media.sound is not None:
                asset.set("hasAudio", "1")
                asset.set("audioSources", str(media.sound.file_tracks))
                asset.set("audioChannels", str(media.sound.file_channels))
                asset.set("audioRate", str(media.sound.sample_rate_hz))
            SubElement(asset, "media-rep", kind="original-media", src=file_url(media.path))
        return self._ids[key]

    def _take(self, key: object) -> str:
        self._ids[key] = f"r{len(self._ids) + 1}"
        return self._ids[key]


def _add_project(event: Element, sequence: Sequence, resources: _Resources) -> None:
    rate, media = sequence.rate, sequence.media
    project = SubElement(event, "project", name=sequence.name)
    shown = SubElement(project, "sequence", format=resources.format(rate, sequence.size_px))
    shown.set("duration", _time(sequence.frames, rate))
    shown.set("tcStart", "0s")
    shown.set("tcFormat", _tc_format(sequence))
    if media.sound is not None:
        shown.set("audioLayout", "mono" if media.sound.channels == 1 else "stereo")
        shown.set("audioRate", _AUDIO_RATES.get(media.sound.sample_rate_hz, "48k"))
    spine = SubElement(shown, "spine")
    for number, one in enumerate(sequence.events):
        clip = _add_clip(spine, one, sequence, resources)
        if number == 0:
            marker = SubElement(clip, "marker", start=clip.get("start", "0s"))
            marker.set("duration", _time(1, rate))
            marker.set("value", sequence.name)
            if sequence.note:
                marker.set("note", sequence.note)


def _add_clip(spine: Element, event: Event, sequence: Sequence, resources: _Resources) -> Element:
    rate, media = sequence.rate, sequence.media
    clip = SubElement(spine, "asset-clip", ref=resources.asset(media), name=_name(media))
    clip.set("offset", _time(event.record, rate))
    clip.set("start", _seconds(media.start_s + event.source / rate, rate))
    clip.set("duration", _time(event.frames, rate))
    if media.size_px is not None:
        clip.set("format", resources.format(media.rate, media.size_px))
    clip.set("tcFormat", _tc_format(sequence))
    if media.sound is not None:
        clip.set("audioRole", "dialogue")
    return clip


def _name(media: Media) -> str:
    return plain(media.path.name)


def _tc_format(sequence: Sequence) -> str:
    return "DF" if sequence.is_drop else "NDF"


def _time(frames: int, rate: Fraction) -> str:
    return _seconds(frames / rate, rate)


def _seconds(seconds: Fraction, rate: Fraction) -> str:
    """In the form that Final Cut writes where it can be: 1001/30000s for a frame at 29.97."""
    if seconds.denominator == 1:
        return f"{seconds.numerator}s"
    ticks = seconds * rate.numerator
    if ticks.denominator == 1:
        return f"{ticks.numerator}/{rate.numerator}s"
    return f"{seconds.numerator}/{seconds.denominator}s"


def _format_name(rate: Fraction, size_px: tuple[int, int] | None) -> str:
    """Final Cut's own name where it has one: FFVideoFormat1080p2997; any other has none."""
    size = _KNOWN_SIZES.get(size_px) if size_px else None
    said = f"{float(rate):.2f}".removesuffix(".00")
    return f"FFVideoFormat{size}p{said.replace('.', '')}" if size and said in _KNOWN_RATES else ""
