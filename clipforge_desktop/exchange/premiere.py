"""Premiere XML: Final Cut Pro 7's interchange format (xmeml 5), which Premiere and Resolve read.

Picture and sound of an event are clip items of their own, linked to each other, on one picture
track and one track per sound channel. In and out points are frames from the start of the file at
the sequence's rate; Premiere's own ticks say the same and leave no doubt.
"""

from collections.abc import Sequence as Many
from fractions import Fraction
from xml.etree.ElementTree import Element, SubElement

from clipforge_desktop.exchange.file_url import local_host_url
from clipforge_desktop.exchange.sequence import Event, Media, Sequence, plain
from clipforge_desktop.exchange.timecode import nominal, timecode
from clipforge_desktop.exchange.xml_text import add_text, xml_text

VERSION = "5"
TICKS_PER_S = 254_016_000_000
_SAMPLE_RATE_HZ = 48_000
_MOST_CHANNELS = 16


def premiere_xml(project: str, sequences: Many[Sequence]) -> str:
    """One sequence as it is, several as the children of a project named `project`."""
    root = Element("xmeml", version=VERSION)
    place = root
    if len(sequences) != 1:
        outer = SubElement(root, "project")
        add_text(outer, "name", plain(project))
        place = SubElement(outer, "children")
    ids = _Ids()
    for sequence in sequences:
        _add_sequence(place, sequence, ids)
    return xml_text(root, "xmeml")


class _Ids:
    """Ids that hold for the whole document: a file is described once and named from then on."""

    def __init__(self) -> None:
        self._files: dict[Media, str] = {}
        self._sequences = 0

    def sequence(self) -> int:
        self._sequences += 1
        return self._sequences

    def file(self, media: Media) -> tuple[str, bool]:
        """(its id, whether it was named before)."""
        is_known = media in self._files
        return self._files.setdefault(media, f"file-{len(self._files) + 1}"), is_known


def _add_sequence(place: Element, sequence: Sequence, ids: _Ids) -> None:
    number = ids.sequence()
    shown = SubElement(place, "sequence", id=f"sequence-{number}")
    add_text(shown, "name", sequence.name)
    add_text(shown, "duration", sequence.frames)
    _add_rate(shown, sequence.rate)
    _add_timecode(shown, 0, sequence.rate, sequence.is_drop)
    media = SubElement(shown, "media")
    tracks = _Tracks(sequence, number, ids)
    video = SubElement(media, "video")
    _add_video_format(video, sequence)
    if tracks.has_picture:
        tracks.add_picture(SubElement(video, "track"))
    if tracks.channels:
        tracks.add_sound(SubElement(media, "audio"))
    marker = SubElement(shown, "marker")
    add_text(marker, "comment", sequence.note)
    add_text(marker, "name", sequence.name)
    add_text(marker, "in", 0)
    add_text(marker, "out", -1)


class _Tracks:
    """The tracks of one sequence: clip item `N` of each track is event `N`."""

    def __init__(self, sequence: Sequence, number: int, ids: _Ids) -> None:
        self._sequence = sequence
        self._prefix = f"clipitem-{number}"
        self._ids = ids
        sound = sequence.media.sound
        self.has_picture = sequence.media.size_px is not None
        self.channels = min(sound.channels, _MOST_CHANNELS) if sound else 0
        self._first_channel = sound.first_channel if sound else 1

    def add_picture(self, track: Element) -> None:
        for index, event in enumerate(self._sequence.events):
            item = self._add_item(track, event, f"{self._prefix}-v-{index + 1}")
            self._add_links(item, index)
        add_text(track, "enabled", True)
        add_text(track, "locked", False)

    def add_sound(self, audio: Element) -> None:
        add_text(audio, "numOutputChannels", 2)
        described = SubElement(SubElement(audio, "format"), "samplecharacteristics")
        add_text(described, "depth", 16)
        add_text(described, "samplerate", _SAMPLE_RATE_HZ)
        _add_outputs(audio)
        for channel in range(self.channels):
            self._add_channel(SubElement(audio, "track", self._explosion(channel)), channel)

    def _explosion(self, channel: int) -> dict[str, str]:
        """Premiere shows the two channels of stereo as one track when told so."""
        if self.channels != 2:
            return {"premiereTrackType": "Mono"}
        return {
            "currentExplodedTrackIndex": str(channel),
            "totalExplodedTrackCount": "2",
            "premiereTrackType": "Stereo",
        }

    def _add_channel(self, track: Element, channel: int) -> None:
        for index, event in enumerate(self._sequence.events):
            item = self._add_item(track, event, f"{self._prefix}-a{channel + 1}-{index + 1}")
            item.set("premiereChannelType", "stereo" if self.channels == 2 else "mono")
            source = SubElement(item, "sourcetrack")
            add_text(source, "mediatype", "audio")
            add_text(source, "trackindex", self._first_channel + channel)
            self._add_links(item, index)
        add_text(track, "enabled", True)
        add_text(track, "locked", False)
        add_text(track, "outputchannelindex", channel % 2 + 1)

    def _add_item(self, track: Element, event: Event, item_id: str) -> Element:
        sequence, media = self._sequence, self._sequence.media
        item = SubElement(track, "clipitem", id=item_id)
        add_text(item, "name", plain(media.path.name))
        add_text(item, "enabled", True)
        add_text(item, "duration", sequence.media_frames)
        _add_rate(item, sequence.rate)
        add_text(item, "start", event.record)
        add_text(item, "end", event.record + event.frames)
        out = event.source + event.frames
        add_text(item, "in", event.source)
        add_text(item, "out", out)
        add_text(item, "pproTicksIn", _ticks(event.source, sequence.rate))
        add_text(item, "pproTicksOut", _ticks(out, sequence.rate))
        file_id, is_known = self._ids.file(media)
        file = SubElement(item, "file", id=file_id)
        if not is_known:
            _describe_file(file, media, sequence.is_drop)
        return item

    def _add_links(self, item: Element, index: int) -> None:
        parts = [("video", 1, "v")] if self.has_picture else []
        parts += [("audio", n + 1, f"a{n + 1}") for n in range(self.channels)]
        for kind, track, letter in parts if len(parts) > 1 else ():
            link = SubElement(item, "link")
            add_text(link, "linkclipref", f"{self._prefix}-{letter}-{index + 1}")
            add_text(link, "mediatype", kind)
            add_text(link, "trackindex", track)
            add_text(link, "clipindex", index + 1)
            if kind == "audio":
                add_text(link, "groupindex", 1)


def _describe_file(file: Element, media: Media, is_drop: bool) -> None:
    add_text(file, "name", plain(media.path.name))
    add_text(file, "pathurl", local_host_url(media.path))
    _add_rate(file, media.rate)
    add_text(file, "duration", media.frames)
    _add_timecode(file, media.start, media.rate, is_drop)
    kinds = SubElement(file, "media")
    if media.size_px is not None:
        described = SubElement(SubElement(kinds, "video"), "samplecharacteristics")
        _add_rate(described, media.rate)
        _add_size(described, media.size_px)
    if media.sound is not None:
        audio = SubElement(kinds, "audio")
        described = SubElement(audio, "samplecharacteristics")
        add_text(described, "depth", 16)
        add_text(described, "samplerate", media.sound.sample_rate_hz)
        add_text(audio, "channelcount", media.sound.file_channels)


def _add_video_format(video: Element, sequence: Sequence) -> None:
    described = SubElement(SubElement(video, "format"), "samplecharacteristics")
    _add_rate(described, sequence.rate)
    _add_size(described, sequence.size_px)


def _add_size(described: Element, size_px: tuple[int, int]) -> None:
    add_text(described, "width", size_px[0])
    add_text(described, "height", size_px[1])
    add_text(described, "anamorphic", False)
    add_text(described, "pixelaspectratio", "square")
    add_text(described, "fielddominance", "none")


def _add_outputs(audio: Element) -> None:
    outputs = SubElement(audio, "outputs")
    for index in (1, 2):
        group = SubElement(outputs, "group")
        add_text(group, "index", index)
        add_text(group, "numchannels", 1)
        add_text(group, "downmix", 0)
        add_text(SubElement(group, "channel"), "index", index)


def _add_rate(parent: Element, rate: Fraction) -> None:
    element = SubElement(parent, "rate")
    add_text(element, "timebase", nominal(rate))
    add_text(element, "ntsc", rate.denominator == 1001)


def _add_timecode(parent: Element, frame: int, rate: Fraction, is_drop: bool) -> None:
    element = SubElement(parent, "timecode")
    _add_rate(element, rate)
    add_text(element, "string", timecode(frame, rate, is_drop))
    add_text(element, "frame", frame)
    add_text(element, "displayformat", "DF" if is_drop else "NDF")


def _ticks(frames: int, rate: Fraction) -> int:
    return round(frames * TICKS_PER_S / rate)
