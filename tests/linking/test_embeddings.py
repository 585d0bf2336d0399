"""A sentence-embedding model of the user's as one more scorer."""

from __future__ import annotations

from importlib.machinery import PathFinder
from pathlib import Path

import numpy as np
import pytest

from linking import tiny_model
from linking.small_vocabulary import SKILLS
from referentiel.linking.embeddings import TOKENS, Model, UnusableModel
from referentiel.linking.finder import SCORERS, Finder


@pytest.mark.parametrize("place", ["model.onnx", "onnx/model.onnx"])
def test_what_the_model_knows_is_found(tmp_path: Path, place: str) -> None:
    assert Finder(SKILLS).candidates("Navire", 1)[0].concept.iri != "urn:skill:repair-boat"
    model = Model(tiny_model.write(tmp_path / "model", tiny_model.onnx(), place))
    found = Finder(SKILLS, scorers=(*SCORERS, model)).candidates("Navire", 1)[0]
    assert found.concept.iri == "urn:skill:repair-boat"
    assert found.parts["embeddings"] == 1
    assert found.parts["bm25"] == 0


def test_vectors_are_means_over_the_words_and_texts_of_a_batch_do_not_matter_to_each_other(tmp_path: Path) -> None:
    model = Model(tiny_model.write(tmp_path, tiny_model.onnx()))
    alone = [model.vectors([text])[0] for text in ("bateau acier", "navire", "", "acier " * (TOKENS + 50))]
    together = model.vectors(["bateau acier", "navire", "", "acier " * (TOKENS + 50)] * 40)
    assert np.allclose(together[:4], alone)
    assert np.allclose(alone[0], [2**-0.5, 0, 2**-0.5])
    assert np.allclose(alone[2], 0)


def test_vectors_of_labels_are_kept_for_one_model_and_these_labels(tmp_path: Path) -> None:
    folder, cache = tiny_model.write(tmp_path / "model", tiny_model.onnx()), tmp_path / "cache"
    first = Finder(SKILLS, scorers=[Model(folder, cache)]).candidates("inventaire de navire")
    (kept,) = cache.iterdir()
    with np.load(kept) as arrays:
        vectors = arrays["vectors"]
    np.savez(kept, vectors=np.zeros_like(vectors))  # told from being made anew: nothing fits these
    assert first
    assert Finder(SKILLS, scorers=[Model(folder, cache)]).candidates("inventaire de navire") == []
    assert Finder(SKILLS[:-1], scorers=[Model(folder, cache)]).candidates("inventaire de navire")


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (b"nothing of the kind", "attendu un modèle ONNX"),
        (tiny_model.onnx(("input_ids", "pixels")), "il demande aussi pixels"),
        (tiny_model.onnx(per_word=False), "attendu un modèle qui donne un vecteur par mot"),
    ],
)
def test_another_model_is_refused(tmp_path: Path, model: bytes, expected: str) -> None:
    with pytest.raises(UnusableModel, match=expected):
        Model(tiny_model.write(tmp_path, model))


def test_a_tokenizer_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tiny_model.write(tmp_path, tiny_model.onnx()) / "tokenizer.json").write_text("{}")
    with pytest.raises(UnusableModel, match="tokenizer"):
        Model(tmp_path)


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
def test_a_folder_without_its_files_is_refused(tmp_path: Path, missing: str) -> None:
    (tiny_model.write(tmp_path, tiny_model.onnx()) / missing).unlink()
    with pytest.raises(UnusableModel, match=r"attendu un dossier avec tokenizer\.json, et model\.onnx"):
        Model(tmp_path)


def test_without_the_extra_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = PathFinder.find_spec
    monkeypatch.setattr(PathFinder, "find_spec", lambda name, *rest: None if name == "onnxruntime" else find(name, *rest))
    monkeypatch.delitem(__import__("sys").modules, "onnxruntime", raising=False)
    with pytest.raises(UnusableModel, match=r"il manque onnxruntime\. Faites : pip install 'referentiel\[embeddings\]'"):
        Model(tiny_model.write(tmp_path, tiny_model.onnx()))
