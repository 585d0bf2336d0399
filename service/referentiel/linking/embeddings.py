"""A sentence-embedding model of the user's, one more scorer: a folder with `tokenizer.json` and `model.onnx` or `onnx/model.onnx`.

Vectors are means over the tokens of a text, as sentence-transformers has it; texts are compared by the angle between them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from referentiel.linking import cache as kept
from referentiel.linking.analysis import Query
from referentiel.linking.index import Index
from referentiel.linking.postings import Floats

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

TOKENS: Final = 256
"""The longest text that is read whole."""
BATCH: Final = 64

_NEEDED: Final = ("onnxruntime", "tokenizers")
_MODELS: Final = ("model.onnx", "onnx/model.onnx")


class UnusableModel(ValueError):
    """The model can't be used; the message says in French what was expected, what was found, and how to mend it."""


class Model:
    """Texts to vectors. Raises UnusableModel."""

    def __init__(self, folder: Path, cache: Path | None = None) -> None:
        """`cache`: folder that keeps the vectors of labels."""
        missing = [name for name in _NEEDED if find_spec(name) is None]
        if missing:
            remedy = "pip install 'referentiel[embeddings]'"
            raise UnusableModel(
                f"attendu : les bibliothèques {' et '.join(_NEEDED)} ; il manque {', '.join(missing)}. Faites : {remedy}"
            )
        path = next((folder / name for name in _MODELS if (folder / name).is_file()), None)
        if path is None or not (folder / "tokenizer.json").is_file():
            raise UnusableModel(f"{folder} : attendu un dossier avec tokenizer.json, et model.onnx ou onnx/model.onnx")
        self._cache = cache
        self._tokenizer, self._session = _opened(folder / "tokenizer.json", path)
        self._inputs = [each.name for each in self._session.get_inputs()]
        self._digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self.vectors(["essai"])

    def __call__(self, index: Index) -> Embeddings:
        """The scorer of this model for the concepts of an index."""
        labels = [concept.label for concept in index.concepts]
        key = f"vectors-{hashlib.sha256(chr(31).join((self._digest, *labels)).encode()).hexdigest()[:32]}"
        vectors = kept.load(self._cache, key, lambda arrays: arrays["vectors"]) if self._cache else None
        if vectors is None or len(vectors) != len(labels):
            vectors = self.vectors(labels)
            if self._cache:
                kept.save(self._cache, key, {"vectors": vectors})
        return Embeddings(self, vectors)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """A vector of length one for each text. Raises UnusableModel."""
        return np.concatenate(list(self._batches(texts)))

    def _batches(self, texts: Sequence[str]) -> Iterator[Floats]:
        for start in range(0, len(texts), BATCH):
            encoded = self._tokenizer.encode_batch(list(texts[start : start + BATCH]))
            given = {
                "input_ids": np.asarray([each.ids for each in encoded], np.int64),
                "attention_mask": np.asarray([each.attention_mask for each in encoded], np.int64),
                "token_type_ids": np.asarray([each.type_ids for each in encoded], np.int64),
            }
            yield _unit(self._means(given))

    def _means(self, given: dict[str, NDArray[Any]]) -> NDArray[Any]:
        unknown = set(self._inputs) - set(given)
        if unknown:
            raise UnusableModel(f"attendu un modèle qui prend {', '.join(given)} ; il demande aussi {', '.join(sorted(unknown))}")
        try:
            found = self._session.run(None, {name: given[name] for name in self._inputs})[0]
        except Exception as error:  # onnxruntime raises a dozen classes of its own
            raise UnusableModel(f"le modèle ne s'exécute pas : {' '.join(str(error).split())[:300]}") from error
        if found.ndim != 3 or found.shape[:2] != given["input_ids"].shape:
            raise UnusableModel(f"attendu un modèle qui donne un vecteur par mot (textes × mots × n) ; trouvé : {found.shape}")
        mask = given["attention_mask"][:, :, None]
        return np.asarray((found * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1))


class Embeddings:
    """The angle between the vectors of a text and of the preferred label of each concept."""

    name = "embeddings"

    def __init__(self, model: Model, vectors: Floats) -> None:
        self._model = model
        self._vectors = vectors

    def of_all(self, query: Query) -> Floats:
        """As Scorer has it."""
        found: Floats = self.of_some([query], np.arange(len(self._vectors)))[0]
        return found

    def of_some(self, queries: Sequence[Query], concepts: NDArray[np.int64]) -> Floats:
        """As Scorer has it."""
        asked = self._model.vectors([query.text for query in queries])
        return np.asarray(np.maximum(asked @ self._vectors[concepts].T, 0), np.float32)


def _opened(tokenizer: Path, model: Path) -> tuple[Tokenizer, InferenceSession]:
    from onnxruntime import InferenceSession, SessionOptions
    from tokenizers import Tokenizer

    try:
        reader = Tokenizer.from_file(str(tokenizer))
        options = SessionOptions()
        options.log_severity_level = 4  # faults are told by the exception
        session = InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # both libraries raise classes of their own, or Exception itself
        raise UnusableModel(
            f"{model.parent} : attendu un modèle ONNX et son tokenizer ; {' '.join(str(error).split())[:300]}"
        ) from error
    reader.enable_truncation(TOKENS)
    reader.enable_padding()
    return reader, session


def _unit(vectors: NDArray[Any]) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), np.float32)
