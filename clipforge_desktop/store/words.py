"""Transcripts, and the search through every sentence of the library."""

import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from clipforge_desktop.domain.transcript import Correction, Sentence, Transcript, corrected
from clipforge_desktop.domain.wire import decode, encode, fingerprint
from clipforge_desktop.store.connection import Room

MOST_RANKED = 2000
SHORTEST_BEGINNING = 3


@dataclass(frozen=True)
class Hit:
    """One sentence that search found; `snippet` marks the words with [ and ]."""

    source_id: int
    source_name: str
    start_s: float
    end_s: float
    text: str
    snippet: str


class Words(Room):
    """Transcripts on one connection."""

    def save_transcript(self, content_key: str, parameters: str, transcript: Transcript) -> None:
        """Keep it and make its sentences searchable; replaces an equal-keyed one."""
        with self._store.transaction():
            row = self._db.execute(
                "SELECT id FROM transcripts WHERE content_key = ? AND parameters = ?",
                (content_key, parameters),
            ).fetchone()
            if row is not None:
                self._db.execute("DELETE FROM sentences WHERE transcript_id = ?", (row[0],))
                self._db.execute("DELETE FROM transcripts WHERE id = ?", (row[0],))
            cursor = self._db.execute(
                "INSERT INTO transcripts"
                " (content_key, parameters, language, origin, transcript, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    content_key,
                    parameters,
                    transcript.language,
                    transcript.origin,
                    zlib.compress(encode(transcript).encode(), 6),
                    time.time(),
                ),
            )
            self._db.executemany(
                "INSERT INTO sentences (text, transcript_id, start_s, end_s) VALUES (?, ?, ?, ?)",
                (
                    (
                        text,
                        cursor.lastrowid,
                        transcript.words[sentence.first].start_s,
                        transcript.words[sentence.end - 1].end_s,
                    )
                    for sentence, text in _sentences(self.corrected(content_key, transcript))
                ),
            )

    def transcript(self, content_key: str, parameters: str | None = None) -> Transcript | None:
        """The one made with `parameters`, or the newest."""
        row = self._db.execute(
            "SELECT transcript FROM transcripts WHERE content_key = ?"
            " AND (? IS NULL OR parameters = ?) ORDER BY id DESC LIMIT 1",
            (content_key, parameters, parameters),
        ).fetchone()
        return None if row is None else decode(Transcript, zlib.decompress(row[0]))

    def correct(
        self, content_key: str, transcript: Transcript, corrections: Sequence[Correction]
    ) -> None:
        """Keep how words of this recognition should read; it replaces all earlier corrections.

        Search finds the words as they read from then on.
        """
        with self._store.transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO corrections VALUES (?, ?, ?)",
                (content_key, _mark(transcript), encode(tuple(corrections))),
            )
            self._rewrite_sentences(content_key, corrected(transcript, corrections))
            self._db.execute(
                "UPDATE sources SET changed = ? WHERE content_key = ?",
                (self._store.next_change(), content_key),
            )

    def corrections(self, content_key: str, transcript: Transcript) -> tuple[Correction, ...]:
        """What was corrected in this recognition; another one starts without any."""
        row = self._db.execute(
            "SELECT corrections FROM corrections WHERE content_key = ? AND words = ?",
            (content_key, _mark(transcript)),
        ).fetchone()
        return () if row is None else decode(tuple[Correction, ...], row[0])

    def corrected(self, content_key: str, transcript: Transcript) -> Transcript:
        """The recognition with its corrections."""
        return corrected(transcript, self.corrections(content_key, transcript))

    def _rewrite_sentences(self, content_key: str, transcript: Transcript) -> None:
        """Where the text is another one, in the sentences of this recognition."""
        sentences = _sentences(transcript)
        starts_s = [transcript.words[sentence.first].start_s for sentence, _ in sentences]
        ids = self._db.execute("SELECT id FROM transcripts WHERE content_key = ?", (content_key,))
        for (transcript_id,) in ids.fetchall():
            rows = self._db.execute(
                "SELECT rowid, text, start_s FROM sentences WHERE transcript_id = ? ORDER BY rowid",
                (transcript_id,),
            ).fetchall()
            if [row[2] for row in rows] == starts_s:  # else: another recognition of the video
                self._db.executemany(
                    "UPDATE sentences SET text = ? WHERE rowid = ?",
                    [
                        (text, row[0])
                        for row, (_, text) in zip(rows, sentences, strict=True)
                        if text != row[1]
                    ],
                )

    def words_mark(self, content_key: str) -> str:
        """Changes with the newest recognition of a content and with its corrections."""
        row = self._db.execute(
            "SELECT (SELECT max(id) FROM transcripts WHERE content_key = ?1) || ' ' || coalesce("
            " (SELECT group_concat(corrections) FROM corrections WHERE content_key = ?1), '')",
            (content_key,),
        ).fetchone()
        return "" if row[0] is None else str(row[0])

    def search(self, words: str, limit: int = 50) -> list[Hit]:
        """Sentences of the newest transcripts that hold every word, the best first.

        The last word may be a beginning of three letters or more. Words that stand nearly
        everywhere give the newest sentences: ranking all of them would take seconds. Whatever
        is typed is taken as plain words, never as query syntax.
        """
        terms = [word.replace('"', '""') for word in words.split()]
        if not terms:
            return []
        is_beginning = len(terms[-1]) >= SHORTEST_BEGINNING or not terms[-1].isascii()
        query = " ".join(f'"{term}"' for term in terms) + ("*" if is_beginning else "")
        matches = self._db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM sentences WHERE sentences MATCH ? LIMIT ?)",
            (query, MOST_RANKED + 1),
        ).fetchone()[0]
        order = "rank" if matches <= MOST_RANKED else "sentences.rowid DESC"
        rows = self._db.execute(
            "SELECT sources.id, sources.name, sentences.start_s, sentences.end_s, sentences.text,"
            " snippet(sentences, 0, '[', ']', '…', 16) FROM sentences"
            " JOIN transcripts ON transcripts.id = sentences.transcript_id"
            " JOIN sources ON sources.content_key = transcripts.content_key"
            " WHERE sentences MATCH ? AND sources.is_removed = 0 AND transcripts.id ="
            " (SELECT max(id) FROM transcripts AS newest"
            "  WHERE newest.content_key = transcripts.content_key)"
            f" ORDER BY {order} LIMIT ?",
            (query, limit),
        )
        return [Hit(*row) for row in rows]


def _sentences(transcript: Transcript) -> list[tuple[Sentence, str]]:
    return [
        (sentence, transcript.text(sentence.first, sentence.end))
        for sentence in transcript.sentences
        if sentence.end > sentence.first
    ]


def _mark(transcript: Transcript) -> str:
    """Names one recognition: corrections count words, so they fit no other."""
    return fingerprint(transcript.engine, str(len(transcript.words)), *transcript.words[:50])
