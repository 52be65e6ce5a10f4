"""The sentence model: texts in, directions of meaning out.

all-MiniLM-L6-v2 in CTranslate2 (int8, 24 MB): mean over the tokens of the last layer, length
one (the pooling that the model's publishers describe). One thread and batches of a fixed
order, so that equal texts give equal numbers.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import ctranslate2
import numpy as np
import tokenizers
from numpy.typing import NDArray

MODEL_FOLDER = "all-MiniLM-L6-v2-int8"
MAX_TOKENS = 96
BATCH = 32
SPLIT = 256  # texts that are split into tokens at once
DIMENSIONS = 384

Vectors = NDArray[np.float32]


def find_model(folders: Sequence[Path]) -> Path | None:
    """The first folder of `folders` that holds the whole model, or None."""
    for folder in folders:
        model = folder / MODEL_FOLDER
        if all((model / name).is_file() for name in ("model.bin", "tokenizer.json", "config.json")):
            return model
    return None


class SentenceEncoder:
    """Loads in about 0.05 s, holds about 114 MB. Raises RuntimeError or OSError when broken."""

    def __init__(self, folder: Path) -> None:
        self._model = ctranslate2.Encoder(
            str(folder), device="cpu", compute_type="int8", inter_threads=1, intra_threads=1
        )
        try:
            self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the library raises bare Exception
            raise OSError(f"the tokenizer of the sentence model cannot be read: {error}") from error
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer.no_padding()

    def embed(self, texts: Sequence[str], check: Callable[[float], None] | None = None) -> Vectors:
        """Unit vectors, one row of 384 per text; an empty text gets a row of zeros.

        `check` is called with the share that is done, between batches of 32 texts; what it
        raises ends the work.
        """
        rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        ids = [
            encoding.ids
            for low in range(0, len(texts), SPLIT)
            for encoding in self._tokenizer.encode_batch(list(texts[low : low + SPLIT]))
        ]
        order = sorted(
            (index for index, text in enumerate(texts) if text.strip()),
            key=lambda index: (len(ids[index]), index),
        )
        for low in range(0, len(order), BATCH):
            if check is not None:
                check(low / len(order))
            batch = order[low : low + BATCH]
            output = self._model.forward_batch([ids[index] for index in batch])
            states = np.array(output.last_hidden_state, dtype=np.float32)
            for row, index in enumerate(batch):
                mean = states[row, : len(ids[index])].mean(axis=0)
                rows[index] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return rows
