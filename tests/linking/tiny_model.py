"""A sentence-embedding model of a few words, really run: its ONNX file is written here byte by byte (Protocol Buffers)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

MEANINGS = {
    "[UNK]": (0, 0, 0),
    "bateau": (1, 0, 0),
    "navire": (1, 0, 0),
    "stocks": (0, 1, 0),
    "inventaire": (0, 1, 0),
    "acier": (0, 0, 1),
}
FLOAT, INT64 = 1, 7


def varint(value: int) -> bytes:
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + varint(rest) if rest else bytes([low])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def nested(field: int, *parts: bytes | str) -> bytes:
    content = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    return varint(field << 3 | 2) + varint(len(content)) + content


def value(name: str, kind: int, *dimensions: str) -> bytes:
    shape = nested(2, *(nested(1, nested(2, dimension)) for dimension in dimensions))
    return nested(1, name) + nested(2, nested(1, number(1, kind), shape))


def onnx(inputs: tuple[str, ...] = ("input_ids", "attention_mask"), *, per_word: bool = True) -> bytes:
    """A model that looks up a vector for each word; one that gives the numbers of the words back when not `per_word`."""
    table = np.asarray(list(MEANINGS.values()), np.float32)
    look_up = nested(1, nested(1, "table"), nested(1, "input_ids"), nested(2, "y"), nested(4, "Gather"))
    copy = nested(1, nested(1, "input_ids"), nested(2, "y"), nested(4, "Identity"))
    weights = nested(
        5, *(number(1, size) for size in table.shape), number(2, FLOAT), nested(8, "table"), nested(9, table.tobytes())
    )
    output = value("y", FLOAT, "texts", "words", "n") if per_word else value("y", INT64, "texts", "words")
    given = [nested(11, value(name, INT64, "texts", "words")) for name in inputs]
    graph = nested(7, look_up if per_word else copy, nested(2, "tiny"), weights, *given, nested(12, output))
    return number(1, 8) + graph + nested(8, number(2, 13))


def write(folder: Path, model: bytes, place: str = "model.onnx") -> Path:
    """A folder with a model and its tokenizer."""
    (folder / place).parent.mkdir(parents=True, exist_ok=True)
    (folder / place).write_bytes(model)
    tokenizer = Tokenizer(WordLevel({word: place for place, word in enumerate(MEANINGS)}, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder
