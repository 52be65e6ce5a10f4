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
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from clipforge_desktop.domain.order import FindingOptions, FindRequest
from clipforge_desktop.domain.source import MediaInfo, SourceMedia
from clipforge_desktop.domain.transcript import Sentence, Transcript, Word
from clipforge_desktop.moments.encoder import MODEL_FOLDER
from clipforge_desktop.stages import finding
from tests.stage_context import RecordingContext

Span = tuple[float, float]
RANDOM_DRAWS = 200
NEAR_S = 0.5


@dataclass(frozen=True)
class Talk:
    """One talk with its readers' moments. `is_punctuated` as its description says."""

    name: str
    duration_s: float
    transcript: Transcript
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
    """Every talk that `moments.json` names."""
    chosen = json.loads((folder / "moments.json").read_text(encoding="utf-8"))
    talks = []
    for name, readers in chosen.items():
        data = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        moments = tuple(
            tuple((float(moment["start_s"]), float(moment["end_s"])) for moment in reader)
            for reader in readers.values()
        )
        words, cue_ends = _words_of(data["segments"])
        is_punctuated = data.get("punctuated") in (True, "yes")
        ends = [
            index
            for index in range(1, len(words) + 1)
            if index == len(words)
            or (
                re.search(r"[.!?\u2026][\"')\]]*$", words[index - 1].text) is not None
                if is_punctuated
                else index in cue_ends
            )
        ]
        sentences = tuple(
            Sentence(first, end) for first, end in zip([0, *ends], ends, strict=False)
        )
        transcript = Transcript(data.get("language", "en"), "sidecar", name, words, sentences)
        talks.append(Talk(name, float(data["duration_s"]), transcript, moments))
    return talks


def _words_of(segments: Sequence[dict[str, object]]) -> tuple[tuple[Word, ...], set[int]]:
    """Words placed inside their cue in proportion to their letters, and where cues end."""
    words: list[Word] = []
    cue_ends: set[int] = set()
    for segment in segments:
        texts = str(segment["text"]).split()
        start_s, end_s = float(str(segment["start"])), float(str(segment["end"]))
        letters = [len(text) + 1 for text in texts]
        at_s = start_s
        for text, count in zip(texts, letters, strict=True):
            next_s = at_s + (end_s - start_s) * count / sum(letters)
            words.append(Word(at_s, next_s, text))
            at_s = next_s
        cue_ends.add(len(words))
    return tuple(words), cue_ends


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


def boundary_shares(talk: Talk, clips: Sequence[Span]) -> tuple[int, int, int]:
    """How many clips start near a sentence's start, end near one's end, and cut a word."""
    starts = [start_s for start_s, _ in talk.sentences]
    ends = [end_s for _, end_s in talk.sentences]
    good_starts = sum(any(abs(clip[0] - start) <= NEAR_S for start in starts) for clip in clips)
    good_ends = sum(any(abs(clip[1] - end) <= NEAR_S for end in ends) for clip in clips)
    inside = sum(
        any(word.start_s + 0.01 < edge < word.end_s - 0.01 for word in talk.transcript.words)
        for clip in clips
        for edge in clip
    )
    return good_starts, good_ends, inside


Baseline = Callable[[Talk, Sequence[Span]], list[Span]]


def report(talks: Sequence[Talk], models: Path | None, folder: Path) -> str:
    """The table, as text."""
    lines = [
        f"{'talk':34}{'clips':>6}{'hit':>7}{'of agr.':>9}{'x random':>10}"
        f"{'even':>7}{'topics':>8}{'random':>8}{'starts':>8}{'ends':>6}{'inside':>8}{'/hour':>7}"
    ]
    ceiling = agreement(talks)
    sums = Counter[str]()
    cpu_s = 0.0
    for number, talk in enumerate(talks):
        begun_s = time.process_time()
        clips = find_clips(talk, clips_asked(talk), models, folder / str(number))
        cpu_s += time.process_time() - begun_s
        usual = find_clips(talk, None, models, folder / str(number))
        starts, ends, inside = boundary_shares(talk, clips)
        row = Counter[str](
            {
                "moments": len(talk.moments),
                "clips": len(clips),
                "hits": hits(talk.moments, clips),
                "even": hits(talk.moments, even_clips(talk, clips)),
                "topics": hits(talk.moments, topic_clips(talk, clips)),
                "starts": starts,
                "ends": ends,
                "inside": inside,
                "usual": len(usual),
            }
        )
        row["random"] = random_hits(talk, clips)  # type: ignore[assignment]
        row["hours"] = talk.duration_s / 3600  # type: ignore[assignment]
        sums.update(row)
        lines.append(_line(talk.name, row, ceiling))
    lines.append(_line("all", sums, ceiling))
    hours = sum(talk.duration_s for talk in talks) / 3600
    lines.append(f"readers' agreement {ceiling:.3f}; {cpu_s:.1f} CPU s for {hours:.1f} h of talk")
    return "\n".join(lines)


def _line(name: str, row: Counter[str], ceiling: float) -> str:
    moments, clips = row["moments"], max(row["clips"], 1)
    chance = max(row["random"], 1e-9)
    return (
        f"{name[:33]:34}{row['clips']:6}{row['hits'] / moments:7.3f}"
        f"{row['hits'] / moments / ceiling:9.3f}{row['hits'] / chance:10.2f}"
        f"{row['even'] / moments:7.3f}{row['topics'] / moments:8.3f}{chance / moments:8.3f}"
        f"{row['starts'] / clips:8.2f}{row['ends'] / clips:6.2f}{row['inside']:8}"
        f"{row['usual'] / row['hours']:7.1f}"
    )


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
