"""A large library: opening it, scrolling through it, searching every word (goal 16).

`python -m tests.benchmarks.library [--videos N] [--pairs N]` makes N videos with 200 h of words
through the store's own verbs, then opens the window on it and on an empty library in turns.
Printed are medians of pairs, how long the window's thread stood still, and the 95th percentile
of a search. It judges nothing and fails nothing.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from clipforge_desktop.domain.job import JobState, NewJob, Queue
from clipforge_desktop.domain.order import Order
from clipforge_desktop.domain.source import SpeechRange
from clipforge_desktop.domain.transcript import Sentence, Transcript, Word
from clipforge_desktop.paths import Home, resources
from clipforge_desktop.store import Store
from tests.benchmarks.window import BARE_TICKS, TICK_MS, child
from tests.gui import furnishing as f

HOURS = 200.0
WORD_S = 0.4
CLIPS_A_VIDEO = 6
SEARCHES = 200
SPEECH_S = 5.0

OPEN = """
import json, os, resource, sys, time
from pathlib import Path
from PySide6.QtCore import QTimer, Qt
from clipforge_desktop.paths import Home
from clipforge_desktop.ui import application
late, last, expected = [], [0.0], int(sys.argv[2])
def tick():
    now = time.perf_counter()
    late.append(max(0.0, (now - last[0]) * 1000 - 5))
    last[0] = now
def look(session, timer):
    if session.window.library.cards.rowCount() < expected:
        return
    timer.stop()
    use = resource.getrusage(resource.RUSAGE_SELF)
    wall = time.perf_counter() - begun
    print(json.dumps([use.ru_utime + use.ru_stime, wall, max(late)]), flush=True)
    os._exit(0)
make = application.Session.__init__
def init(self, *given, **named):
    make(self, *given, **named)
    self.tick = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
    self.tick.timeout.connect(tick)
    def furnished():
        last[0] = time.perf_counter()
        self.tick.start(5)
    self.work.started_up.connect(furnished)
    self.done = QTimer(self)
    self.done.timeout.connect(lambda: look(self, self.done))
    self.live.loaded.connect(lambda: self.done.start(0))
begun = time.perf_counter()
application.Session.__init__ = init
application.run_window(Home(Path(sys.argv[1])), [], True)
"""

SCROLL = """
import json, os, sys, time
from pathlib import Path
from PySide6.QtCore import QTimer, Qt
from clipforge_desktop.paths import Home
from clipforge_desktop.ui import application
late, last = [], [0.0]
make = application.Session.__init__
def init(self, *given, **named):
    make(self, *given, **named)
    self.tick = QTimer(self, timerType=Qt.TimerType.PreciseTimer)
    def tick():
        now = time.perf_counter()
        if last[0]:
            late.append(max(0.0, (now - last[0]) * 1000 - {tick_ms}))
        last[0] = now
        bar = self.window.library.verticalScrollBar()
        bar.setValue(bar.value() + 50)
        if len(late) >= 600:
            print(json.dumps(late), flush=True)
            os._exit(0)
    self.tick.timeout.connect(tick)
    self.live.loaded.connect(lambda: QTimer.singleShot(4000, lambda: self.tick.start({tick_ms})))
application.Session.__init__ = init
application.run_window(Home(Path(sys.argv[1])), [], True)
"""


def fill(home: Home, videos: int, hours: float = HOURS) -> list[str]:
    """A worked library: every stage done, clips found, some exported; returns its vocabulary."""
    chance = random.Random(7)
    # As in a language: a few words are everywhere, most are rare.
    vocabulary = [f"w{number:x}ord" for number in range(20_000)]
    weights = [1 / (place + 3) for place in range(len(vocabulary))]
    length_s = hours * 3600 / videos
    spoken = chance.choices(vocabulary, weights, k=int(length_s / WORD_S) + 4 * videos)
    sample = resources() / "sample" / "talk.mp4"
    poster = home.cache / f.media_of(home, sample, "sample", 85.0).content_key / "poster.jpg"
    with Store.open(home) as store, store.transaction():
        for number in range(videos):
            words = spoken[4 * number : 4 * number + int(length_s / WORD_S)]
            _add(store, sample, number, length_s, words)
            folder = home.cache / f"key{number}"
            folder.mkdir()
            os.link(poster, folder / poster.name)
    return vocabulary


def _add(store: Store, sample: Path, number: int, length_s: float, words: list[str]) -> None:
    speech = tuple(
        SpeechRange(start, start + SPEECH_S * 0.8)
        for start in (SPEECH_S * place for place in range(int(length_s / SPEECH_S)))
    )
    media = replace(f.plain_media(f"key{number}", length_s), speech=speech)
    name = f"Talk {number}.mp4"
    source_id = store.library.add_source(str(sample), name, 1000, number)
    store.library.set_media(source_id, media)
    order_id = store.library.add_order(source_id, Order())
    timed = tuple(
        Word(place * WORD_S, (place + 0.9) * WORD_S, word, 0.9) for place, word in enumerate(words)
    )
    sentences = tuple(
        Sentence(first, min(first + 12, len(words))) for first in range(0, len(words), 12)
    )
    transcript = Transcript("en", "whisper", "small", timed, sentences)
    store.library.save_transcript(media.content_key, "p", transcript)
    for queue in (Queue.IMPORT, Queue.TRANSCRIPTION, Queue.CLIP_DETECTION):
        f.add_job(store, queue, source_id, order_id, JobState.DONE)
    cuts = [f.found(place, [(place * 60.0, place * 60 + 30)]) for place in range(CLIPS_A_VIDEO)]
    ids = store.library.save_clips(source_id, order_id, cuts)
    for clip_id in ids[:2]:
        new = NewJob(Queue.EXPORT, source_id, order_id, f"e{clip_id}", "{}", clip_id=clip_id)
        f.move_job(store, store.jobs.add(new), JobState.DONE)


def opening(full: Home, single: Home, videos: int, pairs: int) -> None:
    """Against an empty library; standstills also against one video, whose player opens too."""
    ratios: list[tuple[float, float]] = []
    stills: list[tuple[float, float]] = []
    for _ in range(pairs):
        with tempfile.TemporaryDirectory() as folder:
            floor = [float(str(one)) for one in child(OPEN, folder, "0")]
        subject = [float(str(one)) for one in child(OPEN, str(full.root), str(videos))]
        ratios.append((subject[0] / floor[0], subject[1] / floor[1]))
        one = [float(str(one)) for one in child(OPEN, str(single.root), "1")]
        stills.append((subject[2], one[2]))
    cpu, wall = (statistics.median(column) for column in zip(*ratios, strict=True))
    print(f"RESULT\topen {videos:,} videos, CPU\t{cpu:.2f}x an empty library\t<= 1.5x")
    print(f"RESULT\topen {videos:,} videos, wall\t{wall:.2f}x an empty library\t<= 1.5x")
    still, floor_still = (statistics.median(column) for column in zip(*stills, strict=True))
    print(f"RESULT\tlongest standstill, {videos:,} videos\t{still:.0f} ms\tas with one")
    print(f"RESULT\tlongest standstill, one video\t{floor_still:.0f} ms\t")


def scrolling(full: Home) -> None:
    """Beside the ticks of a bare window at the same time, which tell how busy the machine is."""
    for name, code, more in (("bare window", BARE_TICKS, "10"), ("scrolling", SCROLL, "")):
        answer = child(code.format(tick_ms=TICK_MS), str(full.root), more)
        late = sorted(float(str(one)) for one in answer)
        for share in (95, 99):
            figure = late[len(late) * share // 100]
            print(f"RESULT\t{name}, tick late, p{share}\t{figure:.1f} ms\t<= 16 ms")


def searching(full: Home, vocabulary: list[str]) -> None:
    """Words from everywhere to rare, two at once, and beginnings of words as they are typed."""
    chance = random.Random(11)
    spent: list[float] = []
    with Store.open(full) as store:
        for number in range(SEARCHES):
            place = int(len(vocabulary) ** chance.random()) - 1
            words = [vocabulary[place], chance.choice(vocabulary[:50])]
            query = (words[0], words[0][: 2 + number % 4], " ".join(words))[number % 3]
            begun_s = time.perf_counter()
            store.library.search(query)
            spent.append((time.perf_counter() - begun_s) * 1000)
    spent.sort()
    for share in (50, 95, 99):
        figure = spent[SEARCHES * share // 100]
        print(f"RESULT\tsearch in {HOURS:.0f} h of words, p{share}\t{figure:.1f} ms\t<= 50 ms p95")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--videos", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder)).create()
        begun_s = time.monotonic()
        vocabulary = fill(home, options.videos)
        print(f"made in {time.monotonic() - begun_s:.0f} s", flush=True)
        searching(home, vocabulary)
        with tempfile.TemporaryDirectory() as other:
            single = Home(Path(other)).create()
            fill(single, 1, 0.2)
            opening(home, single, options.videos, options.pairs)
        scrolling(home)


if __name__ == "__main__":
    main()
