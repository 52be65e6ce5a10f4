"""Which outputs are rendered together: as many as memory allows, equal ones once."""

from dataclasses import replace

from clipforge_desktop.domain.clip import Piece
from clipforge_desktop.domain.delivery import SoundWish
from clipforge_desktop.domain.recipe import COPIED, SOFTWARE, Ingredients
from clipforge_desktop.stages.export.framing import plain_plan
from clipforge_desktop.stages.export.groups import Wanted, base_bytes, groups, output_bytes


def wanted(name: str, aspect: str = "9:16", encoder: str = SOFTWARE) -> Wanted:
    plan = plain_plan(aspect, (1920, 1080), 2.0)
    made_of = Ingredients(
        "abc", 1, aspect, (1080, 1920), (30, 1), "standard", (Piece(0, 2),), plan, None, (),
        encoder=encoder,
    )  # fmt: skip
    return Wanted(name, made_of)


def names(memory_bytes: int, *asked: Wanted) -> list[list[tuple[str, ...]]]:
    found = groups(asked, memory_bytes)
    return [[tuple(one.name for one in twins) for twins in group] for group in found]


def test_all_are_rendered_together_where_memory_allows() -> None:
    asked = [wanted(str(number), f"{number + 1}:1") for number in range(3)]
    assert names(10**12, *asked) == [[("0",), ("1",), ("2",)]]


def test_a_small_machine_renders_in_groups_and_at_least_one_at_a_time() -> None:
    asked = [wanted(str(number), f"{number + 1}:1") for number in range(3)]
    two = base_bytes(asked[0].ingredients) + 2 * output_bytes(asked[0].ingredients)
    assert names(two, *asked) == [[("0",), ("1",)], [("2",)]]
    assert names(1, *asked) == [[("0",)], [("1",)], [("2",)]]


def test_equal_ingredients_are_made_once_under_every_name() -> None:
    asked = (wanted("a"), wanted("b", "1:1"), wanted("c"))
    assert names(10**12, *asked) == [[("a", "c"), ("b",)]]


def test_a_picture_under_other_sounds_is_made_once() -> None:
    first, second, other = wanted("a"), wanted("b"), wanted("c", "1:1")
    louder = replace(second.ingredients, sound=SoundWish(lufs=-11.0), music_key="song")
    second = replace(second, ingredients=louder)
    assert names(10**12, first, second, other) == [[("a", "b"), ("c",)]]


def test_a_copy_is_no_render_and_stands_alone() -> None:
    asked = (wanted("a"), wanted("b", "1:1", COPIED), wanted("c", "4:5"))
    assert names(10**12, *asked) == [[("a",)], [("b",)], [("c",)]]
