"""Decides where the words of a video come from, and loads what is needed for it.

`auto` is the best installed Whisper model, else a transcript beside the video, else the
built-in English draft. What the user asks for by name is taken or refused, never replaced.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clipforge_desktop.domain import languages
from clipforge_desktop.domain.errors import ClipForgeError, InputError
from clipforge_desktop.domain.languages import AUTO
from clipforge_desktop.domain.order import SpeechOptions
from clipforge_desktop.speech import draft
from clipforge_desktop.speech.device import choose_device
from clipforge_desktop.speech.engine import Recogniser
from clipforge_desktop.speech.languages import language_name
from clipforge_desktop.speech.models import resolve_model
from clipforge_desktop.speech.sidecar import find_sidecar
from clipforge_desktop.words_from import installed_models

_DRAFT_NOTICE = (
    "This is a draft by the built-in recogniser; about every third word is wrong. "
    "Install a Whisper model and transcribe again for a good text."
)


@dataclass(frozen=True)
class SpeechSource:
    """One of a recogniser, a transcript file, or neither; and what people should know of it."""

    recogniser: Recogniser | None = None
    sidecar: Path | None = None
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """What choosing may use: the models, the network, and the caller's ear for a cancel."""

    models_dir: Path
    is_offline: bool
    check: Callable[[], None]
    on_download: Callable[[float], None]


def wanted_language(options: SpeechOptions) -> str:
    """The language asked for as a code, or "auto". Raises InputError `language_unknown`."""
    return languages.wanted_language(options.language)


def choose_source(options: SpeechOptions, video: Path, around: Surroundings) -> SpeechSource:
    """Where the words come from; a recogniser is loaded and ready.

    Raises ClipForgeError when what was asked for by name can't be had.
    """
    language = wanted_language(options)
    if options.transcript:
        return SpeechSource(sidecar=Path(options.transcript).expanduser())
    if options.speech == "none":
        return SpeechSource()
    if options.speech == "draft":
        if language not in (AUTO, draft.LANGUAGE):
            raise InputError(
                "draft_is_english",
                f"The built-in draft knows English only, not {language_name(language)}.",
                "Install a Whisper model, or give a subtitle file.",
            )
        return _draft()
    if options.speech == "whisper" or options.model:
        return _whisper(options.model, language, around)
    return _automatic(video, language, around)


def _automatic(video: Path, language: str, around: Surroundings) -> SpeechSource:
    notices: tuple[str, ...] = ()
    if installed_models(around.models_dir):
        try:
            return _whisper("", language, around)
        except ClipForgeError as error:
            if error.failure.code in ("cancelled", "disk_full"):
                raise
            # Better words from elsewhere, and the reason in plain sight, than no clips at all.
            notices = (f"{error.failure.message} {error.failure.next_step}",)
    sidecar = find_sidecar(video)
    if sidecar is not None:
        return SpeechSource(sidecar=sidecar, notices=notices)
    if language in (AUTO, draft.LANGUAGE):
        made = _draft()
        return SpeechSource(made.recogniser, None, (*notices, *made.notices))
    return SpeechSource(
        notices=(
            *notices,
            f"There is no recogniser for {language_name(language)} yet, so there are no words. "
            "Install a Whisper model, or give a subtitle file.",
        )
    )


def _draft() -> SpeechSource:
    return SpeechSource(draft.DraftRecogniser(), None, (_DRAFT_NOTICE,))


def _whisper(named: str, language: str, around: Surroundings) -> SpeechSource:
    model = resolve_model(
        named,
        around.models_dir,
        language,
        is_offline=around.is_offline,
        check=around.check,
        on_progress=around.on_download,
    )
    device = choose_device(model.folder, around.models_dir)
    # 60 MB and 0.2 s that only a Whisper job should cost.
    from clipforge_desktop.speech.whisper import WhisperRecogniser

    recogniser = WhisperRecogniser(model.folder, model.name, device)
    if language != AUTO and language not in recogniser.languages:
        raise InputError(
            "whisper_model_language",
            f'The Whisper model "{model.name}" does not know {language_name(language)}.',
            "Choose a multilingual model, such as small or large-v3-turbo.",
        )
    return SpeechSource(recogniser, None, (device.notice,) if device.notice else ())
