"""Chooses the processor that Whisper runs on, by trying rather than asking.

A graphics card that is listed may still fail (a missing cuBLAS or cuDNN, an old driver, too
little memory) and may take the whole process with it. So the model itself is tried once, in a
child process with a time limit; when that fails the CPU is used, with a word about it.
"""

import json
import multiprocessing
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

import ctranslate2
import numpy as np
import psutil
from pydantic import TypeAdapter, ValidationError

_MAX_CPU_THREADS = 8  # CTranslate2 gains little beyond
_PROBE_S = 120.0  # loading a large model from a slow disk takes a minute
_CACHE_NAME = "device.json"
_MEL_FRAMES = 3000  # 30 s at 100 frames a second
_CUDA_NOTICE = (
    "A graphics card was found but could not run Whisper ({reason}), so the processor was used."
)


@dataclass(frozen=True)
class Device:
    """Where and how a model runs. `notice` is a plain sentence, "" when all is well."""

    kind: Literal["cpu", "cuda"]
    compute_type: str
    threads: int
    notice: str = ""


@dataclass(frozen=True)
class _Answer:
    """What the last probe said, and for which library, model and number of cards."""

    key: str
    reason: str  # "" when the card works


def choose_device(model: Path, cache_dir: Path, *, time_limit_s: float = _PROBE_S) -> Device:
    """The device for the model in folder `model`; the answer is kept in `cache_dir`."""
    cards = _card_count()
    if cards == 0:
        return _cpu()
    size = (model / "model.bin").stat().st_size
    key = f"ctranslate2 {ctranslate2.__version__}, {cards} cards, {model.name} {size}"
    answer = _cached(cache_dir / _CACHE_NAME)
    if answer is None or answer.key != key:
        answer = _Answer(key, probe_cuda(model, time_limit_s=time_limit_s))
        cache_dir.mkdir(parents=True, exist_ok=True)
        (cache_dir / _CACHE_NAME).write_text(json.dumps(asdict(answer)), "utf-8")
    if answer.reason:
        return _cpu(_CUDA_NOTICE.format(reason=answer.reason))
    return Device("cuda", "default", _threads())


def probe_cuda(model: Path, *, time_limit_s: float = _PROBE_S) -> str:
    """Runs the model's encoder once on the card, in a child. "" when it works, else why not."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_try_cuda, args=(str(model), sender), daemon=True)
    child.start()
    sender.close()
    try:
        if not receiver.poll(time_limit_s):
            return "it did not answer"
        reason = receiver.recv()
        return reason if isinstance(reason, str) else "it gave no answer"
    except EOFError:
        child.join(5)
        return f"it crashed with code {child.exitcode}"
    finally:
        if child.is_alive():
            child.kill()
        child.join(5)
        receiver.close()


def _try_cuda(model: str, sender: Connection) -> None:
    """The child's whole life: load, encode half a minute of silence, say how it went."""
    try:
        whisper = ctranslate2.models.Whisper(model, device="cuda")
        silence = np.zeros((1, whisper.n_mels, _MEL_FRAMES), np.float32)
        whisper.encode(ctranslate2.StorageView.from_array(silence), to_cpu=True)
        sender.send("")
    except Exception as error:  # noqa: BLE001 - the edge of this process; it reports and ends
        sender.send((str(error).strip().splitlines() or [type(error).__name__])[0][:160])


def _card_count() -> int:
    try:
        count: int = ctranslate2.get_cuda_device_count()
    except RuntimeError:  # a driver so broken that counting fails
        return 0
    return count


def _cached(file: Path) -> _Answer | None:
    try:
        return TypeAdapter(_Answer).validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


def _cpu(notice: str = "") -> Device:
    return Device("cpu", "int8", _threads(), notice)


def _threads() -> int:
    """Real cores that this process may use."""
    process = psutil.Process()
    allowed = len(process.cpu_affinity()) if hasattr(process, "cpu_affinity") else 0
    cores = psutil.cpu_count(logical=False) or psutil.cpu_count() or 1
    return max(1, min(cores, allowed or cores, _MAX_CPU_THREADS))
