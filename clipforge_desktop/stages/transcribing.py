"""The transcription stage: the sound of a source in, its words and sentences out.

Takes a transcript file, Whisper, the built-in draft, or nothing, as the user wishes and the
machine allows. Finished units are kept as checkpoints, so a killed stage repeats at most one.
Every source has a defined result: without sound or speech it is an empty transcript that says
so in plain words.
"""

import time
from dataclasses import replace
from pathlib import Path

from clipforge_desktop.domain.errors import ClipForgeError
from clipforge_desktop.domain.job import Queue
from clipforge_desktop.domain.languages import AUTO
from clipforge_desktop.domain.order import TranscribeRequest, TranscribeResult
from clipforge_desktop.domain.source import SourceMedia
from clipforge_desktop.domain.stage import VERSIONS, StageContext
from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.domain.wire import fingerprint
from clipforge_desktop.speech.choosing import (
    SpeechSource,
    Surroundings,
    choose_source,
    wanted_language,
)
from clipforge_desktop.speech.engine import Recogniser
from clipforge_desktop.speech.recognising import Sound, Step, recognise
from clipforge_desktop.speech.sentences import find_sentences
from clipforge_desktop.speech.sidecar import find_sidecar, read_sidecar
from clipforge_desktop.speech.voice import BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, read_samples
from clipforge_desktop.speech.watched import run_watched
from clipforge_desktop.words_from import source_mark

VERSION = VERSIONS[Queue.TRANSCRIPTION]

_NO_SOUND = "This video has no sound, so there are no words."
_NO_SPEECH = (
    "Nobody was heard speaking in this video, so there are no words. "
    "Clips can still be found by its sound and its cuts."
)
_NOT_UNDERSTOOD = "Somebody speaks in this video, but no words could be made out."


def parameters(request: TranscribeRequest, context: StageContext) -> str:
    """What, besides the sound and `VERSION`, decides the words: options, model or file."""
    video, models = Path(request.path), context.models_dir
    mark = source_mark(request.options, video, models, find_sidecar)
    return fingerprint(request.options, mark)


def run(request: TranscribeRequest, context: StageContext) -> TranscribeResult:
    """The transcript of `request`. Raises ClipForgeError with the codes of `speech.choosing`.

    Also `audio_missing` when the prepared sound is gone, and CancelledError.
    """
    options, media = request.options, request.media
    sound = None if media.audio is None else _sound(media.audio, media, context)
    video = Path(request.path)
    if options.speech != "none" and not options.transcript:
        wanted_language(options)  # a wrong value is refused even where nothing is said
        if sound is None or not sound.speech:
            # Nothing was heard, but somebody wrote down what is sung or signed.
            beside = find_sidecar(video) if options.speech == AUTO else None
            if beside is None:
                return TranscribeResult(_empty(_NO_SOUND if sound is None else _NO_SPEECH))
            options = replace(options, transcript=str(beside))
    context.progress(0.0, "Preparing")
    around = Surroundings(
        context.models_dir,
        context.is_offline or request.is_offline,
        context.check,
        lambda fraction: context.progress(0.0, f"Downloading the model: {fraction:.0%}"),
    )
    source = run_watched(lambda _: choose_source(options, video, around), context.check)
    if source.sidecar is not None:
        transcript = _from_file(source, source.sidecar, media, sound, context)
    elif source.recogniser is not None and sound is not None:
        transcript = _from_sound(
            source.recogniser, source.notices, sound, wanted_language(options), context
        )
    else:
        transcript = _empty(*source.notices)
    context.progress(1.0, "Transcribed")
    return TranscribeResult(transcript)


def _from_sound(
    recogniser: Recogniser,
    notices: tuple[str, ...],
    sound: Sound,
    language: str,
    context: StageContext,
) -> Transcript:
    context.log(f"Transcribing with {recogniser.name}")
    clock = _Clock(sound, context)
    code, words = recognise(sound, recogniser, language, context, clock.step)
    if not words:
        return _empty(*notices, _NOT_UNDERSTOOD)
    name, sentences = recogniser.name, find_sentences(words)
    return Transcript(code, recogniser.origin, name, words, sentences, notices)


def _from_file(
    source: SpeechSource,
    file: Path,
    media: SourceMedia,
    sound: Sound | None,
    context: StageContext,
) -> Transcript:
    context.log(f"Reading {file.name}")
    read = read_sidecar(
        file,
        media.info.duration_s,
        speech=media.speech,
        samples=sound.read if sound else None,
        check=context.check,
    )
    notices = (*source.notices, *read.notices)
    sentences = find_sentences(read.words, read.line_starts)
    return Transcript(read.language, "sidecar", read.name, read.words, sentences, notices)


def _empty(*notices: str) -> Transcript:
    return Transcript("", "none", "", (), (), notices)


def _sound(name: str, media: SourceMedia, context: StageContext) -> Sound:
    file = context.cache_dir(media.content_key) / name
    if not file.is_file():
        raise ClipForgeError(
            "audio_missing",
            "The prepared sound of this video is gone from ClipForge's cache.",
            "Add the video again; it is prepared anew.",
        )
    duration_s = file.stat().st_size / BYTES_PER_SAMPLE / SAMPLE_RATE_HZ
    return Sound(duration_s, media.speech, lambda low_s, high_s: read_samples(file, low_s, high_s))


class _Clock:
    """Reports how far the transcription is and how long it will take."""

    def __init__(self, sound: Sound, context: StageContext) -> None:
        self._duration_s = sound.duration_s
        self._last_s = sound.speech[-1].end_s
        self._context = context
        self._began = time.monotonic()
        self._heard_from_s: float | None = None

    def step(self, step: Step) -> None:
        """Tells the context about one finished unit."""
        if self._heard_from_s is None and not step.is_kept:
            self._heard_from_s = step.unit.start_s
        left_s: float | None = None
        if self._heard_from_s is not None and step.unit.end_s > self._heard_from_s:
            pace = (time.monotonic() - self._began) / (step.unit.end_s - self._heard_from_s)
            left_s = max(self._last_s - step.unit.end_s, 0.0) * pace
        note = f"Transcribing {_clock_time(step.unit.end_s)} of {_clock_time(self._duration_s)}"
        self._context.progress((step.index + 1) / step.count, note, left_s)


def _clock_time(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
