"""The user's own music under a clip: taken in safely, as long as the clip, lower under speech.

The file is opened like any source, by its content and with the same limits. Where somebody
speaks is known, so the music steps back before a word begins and stays there between words; a
compressor keyed by the voice would come late and follow every syllable.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.errors import InputError, TransientError
from clipforge_desktop.domain.source import MediaInfo
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.media import ffmpeg, sniff
from clipforge_desktop.media.content_key import content_key
from clipforge_desktop.media.probe import probe
from clipforge_desktop.stages.export import sound_samples
from clipforge_desktop.stages.export.formats import AUDIO_HZ
from clipforge_desktop.stages.export.sound import Loudness, Stream
from clipforge_desktop.stages.export.sound_samples import Samples

FADE_IN_S, FADE_OUT_S = 0.3, 1.5
ATTACK_S, RELEASE_S = 0.2, 0.6  # all the way down when a word begins; up again after it
HELD_S = 1.2  # the music does not come back for a pause shorter than this

_SEAM_S = 0.03  # the end and the beginning of a loop overlap by this much
_BLOCK = 10 * AUDIO_HZ

Gains = npt.NDArray[np.float64]  # (samples,), factors


def music_key(path: str) -> str:
    """What the music is, by its content: for the recipe of a clip that it lies under.

    Raises InputError (music_missing, music_unreadable) or TransientError (read_failed).
    """
    try:
        sniff.check_file(Path(path))
        return content_key(Path(path))
    except InputError as error:
        raise _refused(path, error) from error
    except OSError as error:
        raise _unreadable(path, "It cannot be read.") from error


def check_music(path: str) -> None:
    """Raises InputError (music_missing, music_unreadable, music_silent) for what is no music.

    A look into the file, without listening to all of it: silence is only heard by `write_bed`.
    """
    try:
        _probed(path, lambda: None)
    except TransientError as error:
        raise _unreadable(path, error.failure.message) from error


def write_bed(path: str, name: str, count: int, context: StageContext) -> Loudness:
    """Write `count` samples of the music as the file `name`, looped where it is shorter.

    Returns how loud it is. Raises InputError (music_missing, music_unreadable, music_silent).
    """
    info = _probed(path, context.check)
    once = f"once-{name}"
    try:
        sound_samples.run(_decoded(path, info, once, count), context)
    except InputError as error:
        raise _refused(path, error) from error
    music = sound_samples.mapped(context.job_dir / once)
    if not len(music):
        raise _silent(path)
    loudness = sound_samples.save(name, looped(music, count), context)
    if loudness.is_silent:
        raise _silent(path)
    del music  # some systems keep a file that is mapped
    (context.job_dir / once).unlink()
    return loudness


def looped(music: Samples, count: int) -> Iterator[Samples]:
    """`count` samples of `music`, its end blended into its beginning wherever it starts again."""
    if len(music) >= count:
        yield from _blocks(music[:count])
        return
    seam = min(round(_SEAM_S * AUDIO_HZ), len(music) // 4)
    turn = np.linspace(0, np.pi / 2, seam)[:, None]
    blend = (music[len(music) - seam :] * np.cos(turn) + music[:seam] * np.sin(turn)).astype("f4")
    yield from _blocks(music[: len(music) - seam])
    left = count - (len(music) - seam)
    while left > 0:
        for part in (blend, *_blocks(music[seam : len(music) - seam])):
            yield part[:left]
            left = max(0, left - len(part))


def mixed(
    voice: Samples, music: Samples, voice_db: float, music_db: float, shape: "Shape"
) -> Iterator[Samples]:
    """Both together, each with its gain, the music shaped; in blocks, as long as the voice."""
    for start in range(0, len(voice), _BLOCK):
        spoken = voice[start : start + _BLOCK] * 10 ** (voice_db / 20)
        gains = shape.gains(start, len(spoken)) * 10 ** (music_db / 20)
        yield (spoken + music[start : start + _BLOCK] * gains[:, None]).astype(np.float32)


class Shape:
    """How the music rises at the start, steps back under speech and fades out at the end."""

    def __init__(self, speech: Sequence[Piece], count: int, duck_lu: float) -> None:
        self._count = count
        points = [(0.0, 0.0)]
        for spoken in _held(speech):
            points += [
                (spoken.start_s - ATTACK_S, 0.0),
                (spoken.start_s, -duck_lu),
                (spoken.end_s, -duck_lu),
                (spoken.end_s + RELEASE_S, 0.0),
            ]
        self._at_s, self._level_db = zip(*sorted(points), strict=True)

    def gains(self, start: int, count: int) -> Gains:
        """The factors for `count` samples from `start` on; decibels change at an even pace."""
        at_s = np.arange(start, start + count) / AUDIO_HZ
        ducked: Gains = 10 ** (np.interp(at_s, self._at_s, self._level_db) / 20)
        total_s = self._count / AUDIO_HZ
        rise = _ramp(at_s / min(FADE_IN_S, total_s / 4))
        fall = _ramp((total_s - at_s) / min(FADE_OUT_S, total_s / 2))
        return ducked * rise * fall


def _held(speech: Sequence[Piece]) -> Iterator[Piece]:
    """Stretches of speech, over pauses too short for the music to come back."""
    breaks = [
        (before.end_s, after.start_s)
        for before, after in pairwise(speech)
        if after.start_s - before.end_s >= HELD_S
    ]
    edges_s = [edge_s for pause in breaks for edge_s in pause]
    if speech:
        edges_s = [speech[0].start_s, *edges_s, speech[-1].end_s]
    yield from (Piece(*edge) for edge in zip(edges_s[::2], edges_s[1::2], strict=True))


def _ramp(share: Gains) -> Gains:
    """Half a wave from 0 to 1, so that a fade begins and ends softly."""
    ramp: Gains = 0.5 - 0.5 * np.cos(np.pi * np.clip(share, 0.0, 1.0))
    return ramp


def _blocks(samples: Samples) -> Iterator[Samples]:
    for start in range(0, len(samples), _BLOCK):
        yield samples[start : start + _BLOCK]


def _decoded(path: str, info: MediaInfo, name: str, count: int) -> Stream:
    heard = ffmpeg.input_file(Path(path))[str(info.audio[0].index)]
    stereo = (
        heard.filter("asetpts", "PTS-STARTPTS")
        .filter("aresample", AUDIO_HZ)
        .filter("aformat", sample_fmts="flt", channel_layouts="stereo")
        .filter("atrim", end_sample=count)
    )
    return sound_samples.written(stereo, name)


def _probed(path: str, check: Callable[[], None]) -> MediaInfo:
    try:
        info = probe(Path(path), check)
    except InputError as error:
        raise _refused(path, error) from error
    if not info.audio:
        raise _silent(path)
    return info


def _refused(path: str, error: InputError) -> InputError:
    if error.failure.code in ("not_found", "source_missing"):
        return InputError(
            "music_missing",
            f'The music "{Path(path).name}" is not where it was.',
            "Bring it back, or choose other music.",
        )
    if error.failure.code == "no_streams":
        return _silent(path)
    return _unreadable(path, error.failure.message)


def _unreadable(path: str, why: str) -> InputError:
    return InputError(
        "music_unreadable",
        f'The music "{Path(path).name}" cannot be used. {why}',
        "Choose a sound file such as MP3, WAV, M4A or FLAC, or another video with music in it.",
    )


def _silent(path: str) -> InputError:
    return InputError(
        "music_silent",
        f'There is nothing to hear in the music "{Path(path).name}".',
        "Choose a file with music in it, or export without music.",
    )
