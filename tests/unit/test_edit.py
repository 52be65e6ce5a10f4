"""What a person changes of a clip: trims, cuts, and what is left."""

import pytest

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.edit import NO_EDIT, ClipEdit, pieces_of
from clipforge_desktop.domain.errors import InputError
from clipforge_desktop.domain.framing import FramingKind, FramingOverride
from clipforge_desktop.domain.transcript import Correction, Transcript, Word, corrected
from clipforge_desktop.domain.wire import decode, encode

FOUND = (Piece(10.0, 20.0), Piece(30.0, 40.0))


def cut(*spans: tuple[float, float]) -> ClipEdit:
    return ClipEdit(cuts=tuple(Piece(*span) for span in spans))


def test_no_edit_leaves_the_found_pieces() -> None:
    assert pieces_of(FOUND, NO_EDIT) == FOUND


@pytest.mark.parametrize(
    ("edit", "left"),
    [
        (cut((12, 13)), (Piece(10, 12), Piece(13, 20), Piece(30, 40))),
        (cut((15, 35)), (Piece(10, 15), Piece(35, 40))),
        (cut((5, 12), (11, 14)), (Piece(14, 20), Piece(30, 40))),
        (cut((10, 20)), (Piece(30, 40),)),
        (cut((10, 12), (12.05, 20)), (Piece(30, 40),)),  # what is shorter than a syllable goes
        (ClipEdit(start_s=8.0), (Piece(8, 20), Piece(30, 40))),
        (ClipEdit(end_s=44.0), (Piece(10, 20), Piece(30, 44))),
        (ClipEdit(start_s=25.0), (Piece(30, 40),)),
        (ClipEdit(end_s=25.0), (Piece(10, 20),)),
        (ClipEdit(start_s=35.0), (Piece(35, 40),)),
        (ClipEdit(end_s=12.0), (Piece(10, 12),)),
    ],
)
def test_cuts_and_trims_change_what_is_heard(edit: ClipEdit, left: tuple[Piece, ...]) -> None:
    assert pieces_of(FOUND, edit) == left


def test_a_video_of_one_frame_is_a_clip_too() -> None:
    flash = (Piece(0.0, 0.04),)
    assert pieces_of(flash, NO_EDIT) == flash


def test_a_clip_of_which_nothing_is_left_is_refused() -> None:
    with pytest.raises(InputError, match="cut out"):
        pieces_of(FOUND, cut((0, 100)))


def test_an_edit_travels_through_the_database() -> None:
    edit = ClipEdit(1.0, 9.0, (Piece(2.0, 3.0),), "A title", FramingKind.FIT,
                    (FramingOverride(4.0, FramingKind.SPLIT, 0.1),))  # fmt: skip
    assert decode(ClipEdit, encode(edit)) == edit


def test_corrected_words_keep_their_times_and_the_recognition_stays() -> None:
    heard = Transcript("en", "draft", "x", (Word(0, 1, "wreck"), Word(1, 2, "nice")), ())
    shown = corrected(heard, [Correction(0, "recognise"), Correction(7, "nothing there")])
    assert [(word.text, word.start_s) for word in shown.words] == [("recognise", 0), ("nice", 1)]
    assert heard.words[0].text == "wreck"
