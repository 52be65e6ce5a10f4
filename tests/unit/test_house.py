"""The promises of the house itself: pins, the README's commands, the sample, sizes and names."""

import ast
import re
import tomllib
from itertools import islice, pairwise
from pathlib import Path
from xml.etree import ElementTree

import av
import cv2
import numpy as np
import pysubs2
import pytest
from packaging.requirements import Requirement

import clipforge_desktop
from clipforge_desktop import paths
from tests.benchmarks.__main__ import rows_of, table

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
SAMPLE = ROOT / "resources" / "sample" / "talk.mp4"
MAX_LINES = 400
SYSTEMS = ("Debian", "macOS", "Windows")


def constraints() -> list[Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines]


def sources(*folders: str) -> list[Path]:
    return [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]


def readme_commands(system: str) -> list[str]:
    """The fenced blocks under the heading that names the system."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = next(
        part for part in re.split(r"^##+ ", text, flags=re.MULTILINE) if part.startswith(system)
    )
    return [block.strip() for block in re.findall(r"^```\w+\n(.*?)^```", section, re.S | re.M)]


def test_constraints_name_versions_and_nothing_else() -> None:
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert not re.search(r"://|^\s*-|#|@", text, flags=re.MULTILINE)
    assert all(str(pin.specifier).startswith("==") for pin in constraints())


def test_every_requirement_has_a_pin_that_satisfies_it() -> None:
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    for requirement in map(Requirement, wanted):
        versions = [
            specifier.version
            for pin in constraints()
            if pin.name.lower() == requirement.name.lower()
            for specifier in pin.specifier
        ]
        assert versions, f"{requirement.name} is not in constraints.txt"
        assert any(requirement.specifier.contains(version) for version in versions)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_readme_has_two_one_line_commands_for_each_system(system: str) -> None:
    install, test = readme_commands(system)
    assert "\n" not in install
    assert "\n" not in test
    assert install.replace("\\", "/").endswith(
        "clipforge process resources/sample/talk.mp4 --out clips"
    )
    assert test.endswith("python -m pytest")
    assert all("-c constraints.txt" in command for command in (install, test))


def test_the_version_is_written_in_one_place() -> None:
    assert "version" in PROJECT["dynamic"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{clipforge_desktop.__version__}]" in changelog


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for file in sources("clipforge_desktop", "tests")
        if file.stat().st_size and not ast.get_docstring(ast.parse(file.read_text("utf-8")))
    ]
    assert silent == []


def test_no_file_outgrows_its_room() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for file in sources("clipforge_desktop", "tests", "packaging")
        if (lines := len(file.read_text("utf-8").splitlines())) > MAX_LINES
    }
    assert long == {}


def test_no_module_is_a_drawer_for_odds_and_ends() -> None:
    drawers = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
    assert [file for file in sources("clipforge_desktop") if file.stem in drawers] == []


def test_resources_are_found_and_hold_what_the_program_ships() -> None:
    shipped = paths.resources()
    for folder in ("LICENSES", "caption_styles", "fonts", "icons", "presets", "sample"):
        assert any((shipped / folder).iterdir()), folder


def test_icons_are_drawn_in_the_colour_of_the_text() -> None:
    icons = [icon for icon in (ROOT / "resources/icons").glob("*.svg") if icon.stem != "clipforge"]
    assert len(icons) >= 16
    for icon in icons:
        drawing = ElementTree.parse(icon).getroot()
        assert drawing.get("viewBox") == "0 0 20 20", icon.name
        assert drawing.get("stroke") == "currentColor", icon.name


def test_platform_limits_carry_the_day_they_were_checked() -> None:
    text = (ROOT / "resources/presets/platforms.toml").read_text(encoding="utf-8")
    limits = tomllib.loads(text)
    assert limits["checked"].year >= 2026
    for platform in limits["platforms"].values():
        assert set(platform["safe_zone"]) == {"top_px", "bottom_px", "left_px", "right_px"}


def test_the_sample_is_small_and_its_subtitles_fit_it() -> None:
    assert SAMPLE.stat().st_size < 4_000_000
    with av.open(str(SAMPLE)) as container:
        duration_s = (container.duration or 0) / 1_000_000
        picture = container.streams.video[0].codec_context
        assert (picture.name, picture.width, picture.height) == ("h264", 1280, 720)
        assert container.streams.audio[0].codec_context.name == "aac"
    assert 80 <= duration_s <= 100
    cues = pysubs2.load(str(SAMPLE.with_suffix(".srt")), encoding="utf-8")
    assert all(cue.start < cue.end for cue in cues)
    assert all(early.end <= late.start for early, late in pairwise(cues))
    assert cues[-1].end / 1000 <= duration_s


def test_the_sample_shows_two_people_and_at_least_three_cuts() -> None:
    cascade = cv2.CascadeClassifier(
        str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml")
    )
    previous = np.zeros((180, 320), np.int16)
    cuts, faces = -1, []
    with av.open(str(SAMPLE)) as container:
        container.streams.video[0].codec_context.skip_frame = "NONREF"
        for index, frame in enumerate(islice(container.decode(video=0), 0, None, 6)):
            grey = frame.reformat(320, 180, "gray", interpolation="FAST_BILINEAR").to_ndarray()
            cuts += int(np.abs(grey - previous).mean() > 15)
            previous = grey.astype(np.int16)
            if index % 6 == 0:
                faces.append(len(cascade.detectMultiScale(grey, 1.1, 4, minSize=(24, 24))))
    assert cuts >= 3
    assert faces.count(2) >= 3
    assert sum(count > 0 for count in faces) / len(faces) > 0.7


def test_what_a_benchmark_measures_becomes_a_row_with_its_goal() -> None:
    said = "warming up\nRESULT\tcuts found\t0.55x CPU\t<= 0.6x\n"
    assert "| cuts | cuts found | 0.55x CPU | <= 0.6x |" in table(rows_of("cuts", said, 0))


def test_a_benchmark_that_breaks_still_has_its_row() -> None:
    assert "exit code 3" in table(rows_of("cuts", "", 3))
