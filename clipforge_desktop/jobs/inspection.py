"""What only the engines know, for `clipforge doctor`: ffmpeg, models, faces, the graphics card.

Runs as a child of the doctor, so that the desk never loads an engine. Prints one JSON object
a line: name, state ("ok", "warn", "bad"), message, next_step.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from clipforge_desktop.domain.errors import ClipForgeError, InputError
from clipforge_desktop.faces.detector import open_detector
from clipforge_desktop.faces.matting import open_person_finder
from clipforge_desktop.media.ffmpeg import capabilities
from clipforge_desktop.moments.encoder import find_model
from clipforge_desktop.paths import Home, resources
from clipforge_desktop.speech.device import choose_device
from clipforge_desktop.words_from import installed_models

NEEDED_ENCODERS = ("libx264", "aac")
NEEDED_FILTERS = ("ebur128", "overlay", "scale", "crop")


def main(home: Home) -> int:
    """Print every check; returns 0 whatever they say."""
    for name, state, message, next_step in inspect(home):
        line = {"name": name, "state": state, "message": message, "next_step": next_step}
        sys.stdout.write(json.dumps(line) + "\n")
    return 0


def inspect(home: Home) -> Iterator[tuple[str, str, str, str]]:
    """(name, state, message, next step) of each thing the workers need."""
    yield _ffmpeg()
    yield _speech(home)
    yield _sentences(home)
    yield _faces(home)
    yield _people(home)


def _ffmpeg() -> tuple[str, str, str, str]:
    try:
        can = capabilities()
    except ClipForgeError as error:
        return "ffmpeg", "bad", error.failure.message, error.failure.next_step
    missing = [name for name in NEEDED_ENCODERS if name not in can.encoders]
    missing += [name for name in NEEDED_FILTERS if name not in can.filters]
    if missing:
        return (
            "ffmpeg",
            "bad",
            f"ffmpeg {can.version} cannot do {', '.join(missing)}.",
            "Remove IMAGEIO_FFMPEG_EXE, or let it name a full build of ffmpeg.",
        )
    return "ffmpeg", "ok", f"version {can.version}", ""


def _speech(home: Home) -> tuple[str, str, str, str]:
    models = installed_models(home.models)
    if not models:
        return (
            "speech",
            "warn",
            "No Whisper model is installed: transcripts are English drafts.",
            "Run `clipforge models install small`, or put subtitle files beside your videos.",
        )
    names = ", ".join(model.name for model in models)
    device = choose_device(models[0].folder, home.cache)
    state = "warn" if device.notice else "ok"
    step = "Update the graphics driver to use the card." if device.notice else ""
    return "speech", state, f"{names}; on {device.kind}. {device.notice}".strip(), step


def _sentences(home: Home) -> tuple[str, str, str, str]:
    if find_model(_model_folders(home)) is None:
        return (
            "moments",
            "warn",
            "The sentence model is not installed: clips are found by word lists.",
            "Run `clipforge models install all-MiniLM-L6-v2`.",
        )
    return "moments", "ok", "sentence model installed", ""


def _faces(home: Home) -> tuple[str, str, str, str]:
    name = open_detector(_model_folders(home)).name
    if "yunet" in name.lower():
        return "faces", "ok", name, ""
    return (
        "faces",
        "warn",
        "Faces are found by the simple detector, which misses some that are turned away.",
        "Run `clipforge models install yunet`.",
    )


def _people(home: Home) -> tuple[str, str, str, str]:
    try:
        open_person_finder(_model_folders(home))
    except InputError as error:
        return "people", "warn", error.failure.message, error.failure.next_step
    return "people", "ok", "captions can stand behind people", ""


def _model_folders(home: Home) -> tuple[Path, Path]:
    return home.models, resources() / "models"
