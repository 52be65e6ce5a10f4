"""A stand-in for transcription: ten checkpointed units."""

from clipforge_desktop.domain.order import TranscribeRequest, TranscribeResult
from clipforge_desktop.domain.stage import StageContext
from clipforge_desktop.domain.transcript import Sentence, Transcript, Word
from tests.recovery.stages.acting import act, hold, trace

VERSION = 1
UNITS = 10


def parameters(request: TranscribeRequest, context: StageContext) -> str:
    hold(request.path, "transcription", "claimed", context)
    return ""


def run(request: TranscribeRequest, context: StageContext) -> TranscribeResult:
    kept = context.load_checkpoints()
    for unit in range(UNITS):
        if str(unit) not in kept:
            trace(request.path, f"unit {unit}")
            if unit == 6:
                act(request.path, "transcription", context)
            context.save_checkpoint(str(unit), f"word{unit}")
        context.progress((unit + 1) / UNITS, f"unit {unit}")
    texts = context.load_checkpoints()
    words = tuple(Word(n * 5.0, n * 5.0 + 4.0, texts[str(n)]) for n in range(UNITS))
    sentences = (Sentence(0, UNITS),)
    hold(request.path, "transcription", "made", context)
    return TranscribeResult(Transcript("en", "whisper", "test", words, sentences))
