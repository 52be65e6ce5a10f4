"""Values that travel through the database come out as they went in."""

import subprocess
import sys

import msgspec
import pytest

from clipforge_desktop.captions.shelf import load_style
from clipforge_desktop.domain.errors import Failure
from clipforge_desktop.domain.job import JobState
from clipforge_desktop.domain.order import ExportOptions, ExportRequest, Order, SpeechOptions
from clipforge_desktop.domain.pipeline import ExportTask
from clipforge_desktop.domain.transcript import Sentence, Transcript, Word
from clipforge_desktop.domain.wire import decode, encode, fingerprint


def test_a_style_travels_with_the_order_that_uses_it() -> None:
    order = Order(
        SpeechOptions(language="de"), export=ExportOptions("/c", style=load_style("clean", None))
    )
    again = decode(Order, encode(order))
    assert again == order
    assert fingerprint(again) == fingerprint(order)
    assert order.export is not None
    assert decode(ExportTask, encode(ExportTask("stem", order.export))).options == order.export


def test_words_in_every_script_survive() -> None:
    words = (Word(0.1, 0.5, "日本", 0.25, True), Word(0.5, 1.0, 'a"\\\n🎬'))
    transcript = Transcript("ja", "draft", "x", words, (Sentence(0, 2),))
    assert decode(Transcript, encode(transcript)) == transcript


def test_what_is_not_the_value_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode(Failure, '{"code": 3}')
    with pytest.raises(TypeError, match="does not travel"):
        encode(object())


def test_other_values_have_other_fingerprints() -> None:
    assert fingerprint(SpeechOptions()) != fingerprint(SpeechOptions(language="de"))
    assert fingerprint("a", "b") != fingerprint("ab")
    assert encode(JobState.DONE) == '"done"'
    assert ExportRequest.__dataclass_fields__


def test_reading_the_library_never_loads_pydantic() -> None:
    code = (
        "import sys; import clipforge_desktop.store.library, clipforge_desktop.app.commands;"
        "from clipforge_desktop.domain.wire import decode;"
        "from clipforge_desktop.domain.source import SourceMedia;"
        "print('pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
