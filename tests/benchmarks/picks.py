"""How well the finder's clips meet the moments that careful readers chose.

`python -m tests.benchmarks.picks --shared DIR [--model DIR | --no-model]` runs the real finder
on every talk of DIR/picks, asks for as many clips as a reader chose, and prints one table:
the share of the readers' moments that the clips hit, beside even spacing, random windows
(mean of 200) and topic cuts by TextTiling. It judges nothing and fails nothing.
"""

import argparse
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from clipforge_desktop.domain.order import FindingOptions, FindRequest
from clipforge_desktop.domain.source import MediaInfo, SourceMedia
from clipforge_desktop.domain.transcript import Transcript
from clipforge_desktop.moments.encoder import MODEL_FOLDER
from clipforge_desktop.speech.sentences import find_sentences
from clipforge_desktop.speech.sidecar import read_sidecar
from clipforge_desktop.stages import finding
from tests.stage_context import RecordingContext

Span = tuple[float, float]
RANDOM_DRAWS = 200
NEAR_S = 0.5


@dataclass(frozen=True)
class Talk:
    """One talk with its readers' moments. Unpunctuated talks have no sentences to measure."""

    name: str
    duration_s: float
    transcript: Transcript
    is_punctuated: bool
    readers: tuple[tuple[Span, ...], ...]

    @property
    def moments(self) -> tuple[Span, ...]:
        return tuple(moment for reader in self.readers for moment in reader)

    @property
    def sentences(self) -> tuple[Span, ...]:
        words = self.transcript.words
        return tuple(
            (words[sentence.first].start_s, words[sentence.end - 1].end_s)
            for sentence in self.transcript.sentences
        )


def load_talks(folder: Path) -> list[Talk]:
    """Every talk that `moments.json` names, its words read as the program reads a sidecar."""
    chosen = json.loads((folder / "moments.json").read_text(encoding="utf-8"))
    talks = []
    for name, readers in chosen.items():
        file = folder / f"{name}.json"
        data = json.loads(file.read_text(encoding="utf-8"))
        duration_s = float(data["duration_s"])
        read = read_sidecar(file, duration_s)
        moments = tuple(
            tuple((float(moment["start_s"]), float(moment["end_s"])) for moment in reader)
            for reader in readers.values()
        )
        transcript = Transcript(
            data.get("language", "en"),
            "sidecar",
            name,
            read.words,
            find_sentences(read.words, read.line_starts),
        )
        is_punctuated = data.get("punctuated") in (True, "yes")
        talks.append(Talk(name, duration_s, transcript, is_punctuated, moments))
    return talks


def is_hit(moment: Span, clip: Span) -> bool:
    """True when they share at least half of the shorter of the two."""
    shared_s = min(moment[1], clip[1]) - max(moment[0], clip[0])
    return shared_s >= 0.5 * min(moment[1] - moment[0], clip[1] - clip[0])


def hits(moments: Sequence[Span], clips: Sequence[Span]) -> int:
    return sum(any(is_hit(moment, clip) for clip in clips) for moment in moments)


def agreement(talks: Sequence[Talk]) -> float:
    """Share of all moments of each reader that another reader's set hits."""
    found = total = 0
    for talk in talks:
        for index, reader in enumerate(talk.readers):
            others = [
                moment
                for other, moments in enumerate(talk.readers)
                if other != index
                for moment in moments
            ]
            found += hits(reader, others)
            total += len(reader)
    return found / total


def clips_asked(talk: Talk) -> int:
    return round(sum(len(reader) for reader in talk.readers) / len(talk.readers))


def find_clips(talk: Talk, count: int | None, models: Path | None, folder: Path) -> list[Span]:
    """The finder's clips, best first; without a model when `models` is None."""
    context = RecordingContext(folder)
    if models is not None and not (context.models_dir / MODEL_FOLDER).exists():
        (context.models_dir / MODEL_FOLDER).symlink_to(models)
    info = MediaInfo("none", 0, talk.duration_s, 0.0, None, ())
    media = SourceMedia(talk.name, info, None, None, (), (0, 0), None, None, None, None, ())
    request = FindRequest(talk.name, media, talk.transcript, FindingOptions(count=count))
    result = finding.run(request, context)
    return [(clip.pieces[0].start_s, clip.pieces[-1].end_s) for clip in result.clips]


def random_hits(talk: Talk, clips: Sequence[Span]) -> float:
    """Mean hits of clips of the same lengths at random places that do not overlap."""
    chance = random.Random(7)
    total = 0
    for _ in range(RANDOM_DRAWS):
        placed: list[Span] = []
        for start_s, end_s in clips:
            for _ in range(100):
                at_s = chance.uniform(0, max(talk.duration_s - (end_s - start_s), 0))
                span = (at_s, at_s + end_s - start_s)
                if all(span[1] <= other[0] or span[0] >= other[1] for other in placed):
                    break
            placed.append(span)
        total += hits(talk.moments, placed)
    return total / RANDOM_DRAWS


def even_clips(talk: Talk, clips: Sequence[Span]) -> list[Span]:
    lengths = [end_s - start_s for start_s, end_s in clips]
    step_s = talk.duration_s / len(clips)
    middles = [(index + 0.5) * step_s for index in range(len(clips))]
    return [
        (middle - length / 2, middle + length / 2)
        for middle, length in zip(middles, lengths, strict=True)
    ]


def topic_clips(talk: Talk, clips: Sequence[Span]) -> list[Span]:
    """Clips that begin at the deepest topic cuts, by TextTiling (Hearst 1997): blocks of
    sentences compared by the cosine of their word counts, cuts at the deepest valleys."""
    spans, words = talk.sentences, talk.transcript.words
    counts = [
        Counter(
            token
            for word in words[sentence.first : sentence.end]
            if len(token := re.sub(r"\W", "", word.text).lower()) > 3
        )
        for sentence in talk.transcript.sentences
    ]
    block = 8
    likeness = [
        _cosine(
            sum(counts[max(at - block, 0) : at], Counter()), sum(counts[at : at + block], Counter())
        )
        for at in range(1, len(spans))
    ]
    depths = [
        max(likeness[max(at - block, 0) : at + 1])
        + max(likeness[at : at + block])
        - 2 * likeness[at]
        for at in range(len(likeness))
    ]
    chosen: list[Span] = []
    for at in sorted(range(len(depths)), key=lambda index: (-depths[index], index)):
        if len(chosen) == len(clips):
            break
        start_s = spans[at + 1][0]
        length_s = clips[len(chosen)][1] - clips[len(chosen)][0]
        span = (start_s, start_s + length_s)
        if all(span[1] <= other[0] or span[0] >= other[1] for other in chosen):
            chosen.append(span)
    return chosen


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    shared = sum(count * other[token] for token, count in one.items())
    size = sqrt(sum(count**2 for count in one.values()) * sum(c**2 for c in other.values()))
    return shared / size if size else 0.0


def near_share(edges: Sequence[float], marks: Sequence[float]) -> float:
    """Share of the edges that lie within half a second of one of the marks."""
    near = sum(any(abs(edge - mark) <= NEAR_S for mark in marks) for edge in edges)
    return near / max(len(edges), 1)


def words_cut(talk: Talk, clips: Sequence[Span]) -> int:
    """How many clip edges fall inside a word."""
    return sum(
        any(word.start_s + 0.01 < edge < word.end_s - 0.01 for word in talk.transcript.words)
        for clip in clips
        for edge in clip
    )


@dataclass(frozen=True)
class Row:
    """What one talk gave. Hits are counts of moments; `starts` and `ends` None: no sentences."""

    name: str
    moments: int
    clips: int
    hits: int
    even: int
    topics: int
    chance: float
    starts: float | None
    ends: float | None
    inside: int
    per_hour: float
    cpu_s: float

    def line(self, ceiling: float) -> str:
        hit, chance = self.hits / self.moments, self.chance / self.moments
        cells = [f"{self.name[:33]:34}{self.clips:6}{hit:7.3f}{hit / ceiling:9.3f}"]
        cells.append(f"{hit / chance:10.2f}{self.even / self.moments:7.3f}")
        cells.append(f"{self.topics / self.moments:8.3f}{chance:8.3f}")
        shares = (self.starts, self.ends)
        cells += [f"{'-':>8}" if share is None else f"{share:8.2f}" for share in shares]
        cells.append(f"{self.inside:8}{self.per_hour:7.1f}{self.cpu_s:7.1f}")
        return "".join(cells)


HEAD = (
    f"{'talk':34}{'clips':>6}{'hit':>7}{'of agr.':>9}{'x random':>10}{'even':>7}{'topics':>8}"
    f"{'random':>8}{'starts':>8}{'ends':>8}{'inside':>8}{'/hour':>7}{'CPU s':>7}"
)


def measure(talk: Talk, models: Path | None, folder: Path) -> Row:
    begun_s = time.process_time()
    clips = find_clips(talk, clips_asked(talk), models, folder)
    cpu_s = time.process_time() - begun_s
    usual = find_clips(talk, None, models, folder)
    starts = ends = None
    if talk.is_punctuated:
        starts = near_share([clip[0] for clip in clips], [start for start, _ in talk.sentences])
        ends = near_share([clip[1] for clip in clips], [end for _, end in talk.sentences])
    return Row(
        name=talk.name,
        moments=len(talk.moments),
        clips=len(clips),
        hits=hits(talk.moments, clips),
        even=hits(talk.moments, even_clips(talk, clips)),
        topics=hits(talk.moments, topic_clips(talk, clips)),
        chance=max(random_hits(talk, clips), 1e-9),
        starts=starts,
        ends=ends,
        inside=words_cut(talk, clips + usual),
        per_hour=len(usual) / talk.duration_s * 3600,
        cpu_s=cpu_s,
    )


def summed(rows: Sequence[Row]) -> Row:
    def mean(shares: Sequence[float | None]) -> float | None:
        known = [
            (share, row.clips) for share, row in zip(shares, rows, strict=True) if share is not None
        ]
        total = sum(clips for _, clips in known)
        return sum(share * clips for share, clips in known) / total if total else None

    return Row(
        name="all",
        moments=sum(row.moments for row in rows),
        clips=sum(row.clips for row in rows),
        hits=sum(row.hits for row in rows),
        even=sum(row.even for row in rows),
        topics=sum(row.topics for row in rows),
        chance=sum(row.chance for row in rows),
        starts=mean([row.starts for row in rows]),
        ends=mean([row.ends for row in rows]),
        inside=sum(row.inside for row in rows),
        per_hour=sum(row.per_hour for row in rows) / len(rows),
        cpu_s=sum(row.cpu_s for row in rows),
    )


def report(talks: Sequence[Talk], models: Path | None, folder: Path) -> str:
    """The table, as text."""
    ceiling = agreement(talks)
    rows = [measure(talk, models, folder / str(number)) for number, talk in enumerate(talks)]
    hours = sum(talk.duration_s for talk in talks) / 3600
    lines = [HEAD, *(row.line(ceiling) for row in rows), summed(rows).line(ceiling)]
    lines.append(
        f"readers' agreement {ceiling:.3f}; {hours:.1f} h of talk; goals: 2.0 x random with the "
        "sentence model, 1.3 without, 0.40 of the agreement, nothing inside a word"
    )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--no-model", action="store_true")
    options = parser.parse_args()
    models = None
    if not options.no_model:
        models = (options.model or options.shared / "models" / MODEL_FOLDER).absolute()
    with tempfile.TemporaryDirectory() as folder:
        print(report(load_talks(options.shared / "picks"), models, Path(folder)))


if __name__ == "__main__":
    main()
