"""Whisper models on disk and through a hub on loopback: whole, damaged, cut off, foreign."""

import shutil
from pathlib import Path

import ctranslate2
import pytest

from clipforge_desktop.domain.catalogue import (
    CATALOGUE,
    ModelKind,
    entries,
    find_entry,
)
from clipforge_desktop.domain.errors import CancelledError, ClipForgeError
from clipforge_desktop.domain.order import SpeechOptions
from clipforge_desktop.speech import device as device_room
from clipforge_desktop.speech.device import choose_device, probe_cuda
from clipforge_desktop.speech.model_folder import (
    MANIFEST,
    validate_whisper_folder,
    write_manifest,
)
from clipforge_desktop.speech.models import resolve_model
from clipforge_desktop.speech.sidecar import find_sidecar
from clipforge_desktop.words_from import best_installed, installed_models, source_mark
from tests import tiny_whisper

COMMIT = "1234567890abcdef1234567890abcdef12345678"


def quiet() -> None: ...


def ignore(fraction: float) -> None: ...


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_whisper.build(tmp_path_factory.mktemp("hub") / "tiny")


@pytest.fixture
def model(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "model"))


def code_of(folder: Path) -> str:
    with pytest.raises(ClipForgeError) as refused:
        validate_whisper_folder(folder)
    assert str(folder) in refused.value.failure.message
    assert refused.value.failure.next_step
    return refused.value.failure.code


def flip_byte(file: Path, position: int) -> None:
    data = bytearray(file.read_bytes())
    data[position] ^= 0x10
    file.write_bytes(data)


def test_a_whole_folder_is_taken(model: Path, tmp_path: Path) -> None:
    taken = resolve_model(
        str(model), tmp_path, "en", is_offline=True, check=quiet, on_progress=ignore
    )
    assert (taken.name, taken.folder) == (model.name, model)


def test_a_missing_folder_and_folders_of_other_things_are_refused(tmp_path: Path) -> None:
    assert code_of(tmp_path / "nowhere") == "model_not_found"
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    (pictures / "cat.jpg").write_bytes(b"x")
    assert code_of(pictures) == "model_not_whisper"
    (pictures / "model.bin").write_bytes(b"GGUF not a model at all")
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        (pictures / name).write_text("{}")
    assert code_of(pictures) == "model_not_whisper"


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "vocabulary.json"])
def test_a_folder_without_one_of_its_files_is_incomplete(model: Path, name: str) -> None:
    (model / name).unlink()
    assert code_of(model) == "model_incomplete"


@pytest.mark.parametrize("share", [0.0, 0.00001, 0.3, 0.99, 0.9999999])
def test_a_half_downloaded_model_is_incomplete_even_without_a_manifest(
    model: Path, share: float
) -> None:
    data = (model / "model.bin").read_bytes()
    (model / "model.bin").write_bytes(data[: int(len(data) * share)])
    assert code_of(model) == "model_incomplete"


def test_one_flipped_byte_in_an_installed_model_is_found(model: Path) -> None:
    write_manifest(model, "somebody/tiny", quiet)
    validate_whisper_folder(model)
    flip_byte(model / "model.bin", 5_000_000)
    assert code_of(model) == "model_damaged"


def test_flipped_structure_broken_json_and_a_torn_manifest_are_found(model: Path) -> None:
    (model / "tokenizer.json").write_text("{")
    assert code_of(model) == "model_damaged"
    (model / MANIFEST).write_text('{"repository": 5}')
    assert code_of(model) == "model_damaged"
    (model / MANIFEST).unlink()
    flip_byte(model / "model.bin", 30)
    assert code_of(model) in ("model_damaged", "model_incomplete")


def test_a_cancel_is_obeyed_while_a_model_is_checked(model: Path) -> None:
    write_manifest(model, "somebody/tiny", quiet)

    def stop() -> None:
        raise CancelledError

    with pytest.raises(CancelledError):
        validate_whisper_folder(model, stop)


def test_the_best_installed_model_that_knows_the_language_is_chosen(
    whole: Path, tmp_path: Path
) -> None:
    for name in ("tiny", "small.en", "my-own", "base.part"):
        target = tmp_path / "whisper" / name
        target.parent.mkdir(exist_ok=True)
        target.symlink_to(whole)
    names = [model.name for model in installed_models(tmp_path)]
    assert names == ["small.en", "tiny", "my-own"]
    assert (best := best_installed(tmp_path, "en")) is not None
    assert best.name == "small.en"
    assert (best := best_installed(tmp_path, "de")) is not None
    assert best.name == "tiny"
    assert best_installed(tmp_path / "empty", "en") is None


def test_a_model_is_resolved_by_name_or_by_folder(whole: Path, tmp_path: Path) -> None:
    def resolve(named: str) -> str:
        found = resolve_model(
            named, tmp_path, "auto", is_offline=True, check=quiet, on_progress=ignore
        )
        return found.name

    (tmp_path / "whisper").mkdir()
    (tmp_path / "whisper" / "large-v3-turbo").symlink_to(whole)
    assert resolve("turbo") == "large-v3-turbo"
    assert resolve("") == "large-v3-turbo"
    assert resolve(str(whole)) == "tiny"


def test_the_catalogue_names_each_model_once() -> None:
    names = [(entry.kind, entry.name) for entry in CATALOGUE]
    assert len(set(names)) == len(names)
    assert find_entry("large") is find_entry("LARGE-V3")
    assert find_entry("yunet", ModelKind.FACES) is not None
    assert all(not entry.folder.startswith(("/", "..")) for entry in CATALOGUE)
    assert {e.name for e in entries(ModelKind.WHISPER)} >= {"tiny", "base", "small", "medium"}


def test_without_a_card_the_processor_is_used_without_a_word(whole: Path, tmp_path: Path) -> None:
    if ctranslate2.get_cuda_device_count():
        pytest.skip("this machine has a card")
    device = choose_device(whole, tmp_path)
    assert (device.kind, device.compute_type, device.notice) == ("cpu", "int8", "")
    assert device.threads >= 1


def test_a_card_that_cannot_infer_is_found_out_in_a_child(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ctranslate2.get_cuda_device_count():
        pytest.skip("this machine has a card that works")
    monkeypatch.setattr(device_room, "_card_count", lambda: 1)
    device = choose_device(whole, tmp_path)
    assert device.kind == "cpu"
    assert "A graphics card was found but could not run Whisper" in device.notice
    monkeypatch.setattr(device_room, "probe_cuda", lambda *a, **k: pytest.fail("asked again"))
    assert choose_device(whole, tmp_path) == device  # the answer is kept


def test_a_probe_that_hangs_is_ended(whole: Path) -> None:
    assert probe_cuda(whole, time_limit_s=0.0) == "it did not answer"


def test_a_new_model_or_a_changed_subtitle_file_asks_for_new_words(tmp_path: Path) -> None:
    models, video = tmp_path / "models", tmp_path / "talk.mp4"
    marks = [source_mark(SpeechOptions(), video, models, find_sidecar)]
    video.with_suffix(".srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nHello there\n")
    marks.append(source_mark(SpeechOptions(), video, models, find_sidecar))
    video.with_suffix(".srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nHello over there\n")
    marks.append(source_mark(SpeechOptions(), video, models, find_sidecar))
    (models / "whisper" / "tiny").mkdir(parents=True)
    (models / "whisper" / "tiny" / "model.bin").write_bytes(b"x")
    marks.append(source_mark(SpeechOptions(), video, models, find_sidecar))
    assert len(set(marks)) == 4
    assert source_mark(SpeechOptions(), video, models, find_sidecar) == marks[-1]
