"""Transcript files that tests write, and read as the program does."""

from pathlib import Path

from clipforge_desktop.speech.sidecar import SidecarTranscript, read_sidecar


def read(tmp_path: Path, name: str, content: str | bytes, **extra: object) -> SidecarTranscript:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_sidecar(file, 10.0, **extra)  # type: ignore[arg-type]  # as the tests name them


def text(result: SidecarTranscript) -> str:
    return " ".join(word.text for word in result.words)
