"""Builds a Whisper model of 14 MB that says one chosen sentence in every window it hears.

The shape is that of the real multilingual model (51,865 tokens, 80 mel bands, 30 s windows),
with one layer of width 64 on each side. Attention adds nothing, so the decoder sees only the
last token; the output row of each token in the chain equals the embedding of the token before
it. The cross-attention looks at one stretch of `WORD_S` after the other, so words get times.
Loading, language detection, decoding, alignment and cancelling all run for real.
"""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from ctranslate2.specs import common_spec
from ctranslate2.specs.whisper_spec import WhisperSpec
from faster_whisper.tokenizer import _LANGUAGE_CODES
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

SENTENCE = ("Today", "we", "learn", "how", "voices", "become", "words.")
WIDTH = 64
WORD_S = 0.4
_FRAMES_PER_WORD = round(WORD_S * 50)  # the encoder has 50 frames a second
Rows = npt.NDArray[np.float32]
_TEXT_TOKENS = 50_257
_TASKS = ("translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps")
_LANGUAGES = [code for code in _LANGUAGE_CODES if code != "yue"]  # the 99 of this vocabulary


def build(
    folder: Path,
    sentence: Sequence[str] = SENTENCE,
    *,
    language: str = "en",
    end_s: float = 4.0,
    spaced: bool = True,
    multilingual: bool = True,
) -> Path:
    """Writes the model's files into `folder` and returns it. Words must differ from each other."""
    folder.mkdir(parents=True, exist_ok=True)
    text = [("\u0120" if spaced else "") + _byte_level(word) for word in sentence]
    vocabulary = _vocabulary(text, multilingual)
    index = {token: number for number, token in enumerate(vocabulary)}
    spec = WhisperSpec(1, 1, 1, 1)
    codes = np.random.default_rng(3).choice([-1.0, 1.0], (len(text) + 1, WIDTH)).astype("f4")
    _fill_encoder(spec, codes)
    chain = ["<|transcribe|>", "<|0.00|>", *text, f"<|{end_s:.2f}|>", "<|endoftext|>"]
    links = list(pairwise(chain))
    first = f"<|{language}|>" if multilingual else "<|0.00|>"
    links += [("<|startoftranscript|>", first), ("<|notimestamps|>", text[0])]
    _fill_decoder(spec, len(vocabulary), [(index[a], index[b]) for a, b in links])
    looking = [index[token] for token in ("<|notimestamps|>", *text)]
    _look_along(spec, looking, codes)
    spec.register_vocabulary(vocabulary)
    spec.config.alignment_heads = [(0, 0)]
    spec.config.lang_ids = [index[f"<|{code}|>"] for code in _LANGUAGES]
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.validate()
    spec.optimize("float16")
    spec.save(str(folder))
    _save_tokenizer(folder, index)
    preprocessor = {"feature_size": 80, "sampling_rate": 16000, "hop_length": 160, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(
        json.dumps(preprocessor | {"chunk_length": 30}), "utf-8"
    )
    return folder


def words_of(sentence: Sequence[str] = SENTENCE) -> str:
    """The text that the model says, for comparing."""
    return " ".join(sentence)


def _byte_level(word: str) -> str:
    pieces = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return "".join(piece for piece, _ in pieces.pre_tokenize_str(word))


def _vocabulary(text: Sequence[str], multilingual: bool) -> list[str]:
    tokens = [*sorted(pre_tokenizers.ByteLevel.alphabet()), *text]
    tokens += [f"filler{number}" for number in range(_TEXT_TOKENS - len(tokens) - 1)]
    # Only multilingual vocabularies have an empty token: CTranslate2 tells them by it.
    tokens.append("" if multilingual else "last filler")
    tokens += ["<|endoftext|>", "<|startoftranscript|>"]
    tokens += [f"<|{code}|>" for code in _LANGUAGES] + [f"<|{task}|>" for task in _TASKS]
    return tokens + [f"<|{number * 0.02:.2f}|>" for number in range(1501)]


def _save_tokenizer(folder: Path, index: dict[str, int]) -> None:
    plain = {token: number for token, number in index.items() if number < _TEXT_TOKENS}
    tokenizer = Tokenizer(models.BPE(vocab=plain, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = sorted((n, token) for token, n in index.items() if n >= _TEXT_TOKENS)
    tokenizer.add_special_tokens([token for _, token in special])
    tokenizer.save(str(folder / "tokenizer.json"))


def _zeros(*shape: int) -> Rows:
    return np.zeros(shape, np.float32)


def _linear(spec: common_spec.LinearSpec, outputs: int, inputs: int = WIDTH) -> None:
    spec.weight, spec.bias = _zeros(outputs, inputs), _zeros(outputs)


def _norm(spec: common_spec.LayerNormSpec) -> None:
    spec.gamma, spec.beta = np.ones(WIDTH, np.float32), _zeros(WIDTH)


def _feed_forward(spec: object) -> None:
    _norm(spec.layer_norm)  # type: ignore[attr-defined]  # ctranslate2 has no types
    _linear(spec.linear_0, WIDTH)  # type: ignore[attr-defined]
    _linear(spec.linear_1, WIDTH)  # type: ignore[attr-defined]


def _look_along(spec: WhisperSpec, tokens: list[int], codes: Rows) -> None:
    """Queries and keys of the cross-attention: the n-th token looks at the n-th code."""
    attention = spec.decoder.layer[0].attention
    embedded = spec.decoder.embeddings.weight[tokens]
    attention.linear[0].weight = (np.linalg.pinv(embedded) @ codes).T.astype("f4")
    keys: Rows = attention.linear[1].weight
    keys[:WIDTH] = np.eye(WIDTH, dtype=np.float32)


def _fill_encoder(spec: WhisperSpec, codes: Rows) -> None:
    random = np.random.default_rng(1)
    encoder = spec.encoder
    for conv, channels in ((encoder.conv1, 80), (encoder.conv2, WIDTH)):
        conv.weight = random.normal(0, 0.005, (WIDTH, channels, 3)).astype(np.float32)
        conv.bias = _zeros(WIDTH)
    encoder.position_encodings.encodings = _zeros(1500, WIDTH)
    for number, code in enumerate(codes):
        first = number * _FRAMES_PER_WORD
        encoder.position_encodings.encodings[first : first + _FRAMES_PER_WORD] = code
    _norm(encoder.layer_norm)
    layer = encoder.layer[0]
    _norm(layer.self_attention.layer_norm)
    _linear(layer.self_attention.linear[0], 3 * WIDTH)
    _linear(layer.self_attention.linear[1], WIDTH)
    _feed_forward(layer.ffn)


def _fill_decoder(spec: WhisperSpec, size: int, links: list[tuple[int, int]]) -> None:
    random = np.random.default_rng(2)
    embeddings, outputs = _zeros(size, WIDTH), _zeros(size, WIDTH)
    for before, after in links:
        row = random.choice(np.array([-1.0, 1.0], np.float32), WIDTH)
        row -= row.mean()
        embeddings[before] = row
        outputs[after] += row
    decoder = spec.decoder
    decoder.embeddings.weight = embeddings
    decoder.projection.weight, decoder.projection.bias = outputs, _zeros(size)
    decoder.position_encodings.encodings = _zeros(448, WIDTH)
    _norm(decoder.layer_norm)
    layer = decoder.layer[0]
    _norm(layer.self_attention.layer_norm)
    _linear(layer.self_attention.linear[0], 3 * WIDTH)
    _linear(layer.self_attention.linear[1], WIDTH)
    _norm(layer.attention.layer_norm)
    _linear(layer.attention.linear[0], WIDTH)
    _linear(layer.attention.linear[1], 2 * WIDTH)
    _linear(layer.attention.linear[2], WIDTH)
    _feed_forward(layer.ffn)
