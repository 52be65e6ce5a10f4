"""Equal work is found again, and a result that was damaged is as if it were not known."""

from pathlib import Path

import pytest

from clipforge_desktop.domain.job import Queue
from clipforge_desktop.domain.order import (
    SpeechOptions,
    TranscribeRequest,
    TranscribeResult,
    encode,
)
from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store
from clipforge_desktop.work.known import Work, find_result
from tests.gui import furnishing as f

RESULT = TranscribeResult(Transcript("en", "sidecar", "x", (), ()))


@pytest.mark.parametrize("damage", [b"", b"\x00", b"no zlib", "text that is no result"])
def test_a_damaged_result_is_not_known(home: Home, tmp_path: Path, damage: bytes | str) -> None:
    media = f.plain_media("talk", 30.0)
    with Store.open(home) as store:
        source_id, _ = f.add_source(store, tmp_path / "talk.mp4", "talk.mp4", media)
        request = TranscribeRequest("talk.mp4", media, SpeechOptions(), False)
        source = store.library.source(source_id)
        work = Work(source, request, Queue.TRANSCRIPTION, 1, "talk", "p")
        key = ("talk", Queue.TRANSCRIPTION, 1, "p")
        assert find_result(store, work) is None
        store.results.put(*key, encode(RESULT))
        assert find_result(store, work) == RESULT
        if isinstance(damage, str):
            store.results.put(*key, damage)
        else:
            store.connection.execute("UPDATE results SET result = ?", (damage,))
        assert find_result(store, work) is None
