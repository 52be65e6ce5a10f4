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


READ_AT_ONCE = """
import sys, threading
from dataclasses import make_dataclass
from clipforge_desktop.domain import wire

sys.setswitchinterval(1e-6)
for round in range(60):
    names = [f"field_{n}" for n in range(20)]
    inner = make_dataclass("Inner", [(name, int) for name in names])
    middle = make_dataclass("Middle", [(name, inner) for name in names])
    outer = make_dataclass("Outer", [("first", middle), *((name, middle) for name in names)])
    together = threading.Barrier(4)
    leaf = dict.fromkeys(names, 1)
    branch = dict.fromkeys(names, leaf)

    def read(kind, value):
        together.wait()
        wire.decode(kind, wire.encode(value))

    values = [(outer, {"first": branch, **dict.fromkeys(names, branch)}), (middle, branch)] * 2
    threads = [threading.Thread(target=read, args=pair) for pair in values]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


def test_threads_may_read_one_kind_of_value_for_the_first_time_at_once() -> None:
    run = subprocess.run([sys.executable, "-c", READ_AT_ONCE], check=False)
    assert run.returncode == 0  # without the lock: killed by SIGSEGV
