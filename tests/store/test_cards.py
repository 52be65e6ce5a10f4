"""Light rows of the library say the same as the rows that they stand for."""

from dataclasses import replace
from pathlib import Path

import pytest

from clipforge_desktop.domain.job import JobState, NewJob, Queue
from clipforge_desktop.domain.order import ExportedFile, Order
from clipforge_desktop.paths import Home
from clipforge_desktop.store import Store, words
from tests.gui import furnishing as f


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(Home(tmp_path / "home"))


def worked(store: Store, number: int) -> tuple[int, int]:
    """(source id, order id) of a video whose stages are done."""
    source_id = store.library.add_source(f"/v/{number}.mp4", f"{number}.mp4", 1000, number)
    order_id = store.library.add_order(source_id, Order())
    store.library.set_media(source_id, f.plain_media(f"key{number}", 60.0 + number))
    return source_id, order_id


def test_a_light_row_says_what_the_whole_row_says(store: Store) -> None:
    source_id, order_id = worked(store, 1)
    store.library.save_transcript("key1", "p", f.transcript_of(f.spoken(9.0), "draft"))
    clips = [f.found(n, [(n, n + 2)], is_on_shelf=n < 2) for n in range(3)]
    ids = f.add_clips(store, source_id, order_id, clips)
    export = store.jobs.add(NewJob(Queue.EXPORT, source_id, order_id, "e", "{}", clip_id=ids[0]))
    for aspect in ("9:16", "1:1"):
        file = ExportedFile(aspect, "/v.mp4", None, "/v.json", 1, 2.0, None)
        store.library.save_export(export, ids[0], file)
    [card] = store.library.cards_of({source_id})
    whole = store.library.source(source_id)
    assert whole.media is not None
    assert (card.path, card.name, card.size_bytes) == (whole.path, whole.name, whole.size_bytes)
    assert (card.content_key, card.poster) == ("key1", whole.media.poster)
    assert (card.duration_s, card.video) == (61.0, whole.media.info.video)
    assert (card.clips, card.exported, card.is_searched, card.origin) == (2, 1, True, "draft")


def test_one_job_has_a_file_of_one_shape_in_each_style_and_for_each_platform(store: Store) -> None:
    source_id, order_id = worked(store, 1)
    [clip_id] = f.add_clips(store, source_id, order_id, [f.found(1, [(1, 3)])])
    job_id = store.jobs.add(NewJob(Queue.EXPORT, source_id, order_id, "e", "{}", clip_id=clip_id))
    wanted = [("clean", ""), ("punch", ""), ("clean", "shorts"), ("clean", "")]
    for number, (style, platform) in enumerate(wanted):
        video = f"/{number}.mp4"
        file = ExportedFile("9:16", video, None, "/v.json", 1, 2.0, None, style, platform)
        store.library.save_export(job_id, clip_id, file)
    exports = store.library.exports_of_job(job_id)
    assert [(one.file.style, one.file.platform, one.file.video) for one in exports] == [
        ("clean", "", "/3.mp4"), ("punch", "", "/1.mp4"), ("clean", "shorts", "/2.mp4"),
    ]  # fmt: skip


def test_pages_follow_each_other_and_leave_out_what_was_removed(store: Store) -> None:
    ids = [worked(store, number)[0] for number in range(5)]
    store.library.remove_source(ids[1])
    first = store.library.cards_after(0, 2)
    rest = store.library.cards_after(first[-1].id, 9)
    assert [card.id for card in first + rest] == [ids[0], *ids[2:]]
    assert store.library.cards_of({ids[1]})[0].is_removed


def test_a_video_that_is_not_imported_has_a_card(store: Store) -> None:
    source_id = store.library.add_source("/v/new.mp4", "new.mp4", 7, 1)
    [card] = store.library.cards_after(0, 9)
    assert card.id == source_id
    assert (card.duration_s, card.video, card.poster, card.notices) == (None, None, None, ())


def test_notices_are_those_of_the_newest_order(store: Store) -> None:
    source_id, order_id = worked(store, 1)
    job_id = f.add_job(store, Queue.IMPORT, source_id, order_id, JobState.DONE)
    said = '{"parameters":"p","notices":["The sound is silent."]}'
    store.connection.execute("UPDATE jobs SET result = ? WHERE id = ?", (said, job_id))
    [card] = store.library.cards_of({source_id})
    assert [(one.stage, one.sentences) for one in card.notices] == [
        (Queue.IMPORT, ("The sound is silent.",))
    ]
    store.library.add_order(source_id, replace(Order(), is_offline=True))
    assert store.library.cards_of({source_id})[0].notices == ()


def test_search_finds_beginnings_of_three_letters_and_whole_shorter_words(store: Store) -> None:
    worked(store, 1)
    lines = [(0.0, 2.0, "An elephant is here"), (2.0, 4.0, "Elsewhere not")]
    store.library.save_transcript("key1", "p", f.transcript_of(lines))
    assert [hit.start_s for hit in store.library.search("ele")] == [0.0]
    assert [hit.start_s for hit in store.library.search("is")] == [0.0]
    assert store.library.search("el") == []


def test_words_that_stand_everywhere_give_the_newest_sentences(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "MOST_RANKED", 3)
    worked(store, 1)
    lines = [(n, n + 1.0, f"The number {n}") for n in range(5)]
    store.library.save_transcript("key1", "p", f.transcript_of(lines))
    assert [hit.start_s for hit in store.library.search("the", limit=2)] == [4.0, 3.0]
