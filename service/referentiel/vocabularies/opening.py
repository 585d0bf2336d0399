"""Which vocabulary some files are of, by their names and their first lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from referentiel.vocabularies import crosswalk, esco, nsf, rome
from referentiel.vocabularies.crosswalk import Crosswalk
from referentiel.vocabularies.edition import Vocabulary, graph_name
from referentiel.vocabularies.faults import Fault, UnreadableVocabulary
from referentiel.vocabularies.members import Member, members

Opened: TypeAlias = Vocabulary | Crosswalk

EXPECTED: Final = (
    "ESCO en CSV (skills_fr.csv, occupations_fr.csv, broaderRelationsSkillPillar.csv… ou l'archive ZIP qui les contient),"
    " ROME 4 (unix_referentiel_code_rome_v460_utf8.csv, unix_referentiel_appellation_v460_utf8.csv, allSkills.json,"
    " allKnowledges.json… ou leur archive), NSF (un CSV dont le nom contient « nsf », colonnes code et libelle),"
    " ou la correspondance ESCO-ROME (CSV, colonnes classification 1 ID, classification 2 ID, mapping relation)"
)
_VERSION: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}")
_DATE: Final = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")


def recognised(paths: Sequence[Path]) -> bool:
    """Whether files can only be of a vocabulary: a folder, an archive, or a table of one. Raises UnreadableVocabulary."""
    return any(path.is_dir() or path.suffix.lower() == ".zip" or _is_table(path) for path in paths)


def _is_table(path: Path) -> bool:
    return path.is_file() and path.suffix.lower() in {".csv", ".json"} and any(map(_kind, members([path])))


def open_vocabulary(paths: Sequence[Path], base: str, version: str = "", issued: str = "") -> Opened:
    """The vocabulary that files, folders and archives are of. `version`, `issued`: as its keeper says, where the files don't.

    What else lies in a folder or an archive is passed over; a file that is given by itself must be known.
    Raises UnreadableVocabulary.
    """
    found = [(member, _kind(member)) for member in members(paths)]
    names = ", ".join(map(str, paths))
    kinds = {kind for _, kind in found} - {""}
    unknown = [member for member, kind in found if not kind and (not kinds or (member.path in paths and member.inside is None))]
    if not kinds or unknown:
        shown = ", ".join(member.name for member in unknown[:5]) or "aucun fichier"
        raise UnreadableVocabulary(Fault(names, EXPECTED, shown, "donnez les fichiers tels que leur éditeur les publie"))
    if len(kinds) > 1:
        raise UnreadableVocabulary(
            Fault(names, "les fichiers d'un seul vocabulaire", ", ".join(sorted(kinds)), "importez-les l'un après l'autre")
        )
    kind = kinds.pop()
    if issued and not _DATE.fullmatch(issued):
        raise UnreadableVocabulary(Fault(names, "une date comme 2022-09-13, 2022-09 ou 2022", f"« {issued} »", "corrigez --issued"))
    return _OPENERS[kind]([member for member, each in found if each], names, base, version, issued)


def _kind(member: Member) -> str:
    """The code of what a file is of; empty where it is of none."""
    if esco.belongs(member.name):
        return "esco"
    if rome.belongs(member.name):
        return "rome"
    if not member.name.lower().endswith(".csv"):
        return ""
    if crosswalk.belongs(member):
        return crosswalk.CODE
    return "nsf" if nsf.belongs(member.name, member.head()) else ""


def _esco(files: Sequence[Member], names: str, base: str, version: str, issued: str) -> Vocabulary:
    read = _required((member for member in files if esco.readable(member.name)), names)
    return esco.Esco(read, esco.edition(_known(version, names), issued), str(graph_name(base, "esco")))


def _rome(files: Sequence[Member], names: str, base: str, version: str, issued: str) -> Vocabulary:
    read = _required((member for member in files if rome.readable(member.name)), names)
    known = _known(version or rome.version_of([member.name for member in read]), names)
    return rome.Rome(read, rome.edition(known, issued), str(graph_name(base, "rome")))


def _nsf(files: Sequence[Member], names: str, base: str, version: str, issued: str) -> Vocabulary:
    dated = issued or ("" if version else nsf.ISSUED)
    return nsf.Nsf(files, nsf.edition(_known(version or nsf.VERSION, names), dated), str(graph_name(base, "nsf")))


def _crosswalk(files: Sequence[Member], _names: str, base: str, _version: str, _issued: str) -> Crosswalk:
    esco_scheme, rome_scheme = (str(graph_name(base, scheme)) for scheme in ("esco", "rome"))
    return Crosswalk(files, f"{base}mapping-set/{crosswalk.CODE}", esco_scheme, rome_scheme)


def _required(found: Iterable[Member], names: str) -> Sequence[Member]:
    """The files that are read. Raises UnreadableVocabulary when there is none."""
    read = list(found)
    if not read:
        raise UnreadableVocabulary(
            Fault(names, EXPECTED, "des fichiers qui répètent ce que d'autres disent", "donnez aussi les autres fichiers")
        )
    return read


def _known(version: str, names: str) -> str:
    """A version that is given and may stand in a graph. Raises UnreadableVocabulary."""
    if not _VERSION.fullmatch(version):
        found = f"« {version[:40]} »" if version else "aucune"
        raise UnreadableVocabulary(
            Fault(names, "la version du vocabulaire, que ses fichiers ne disent pas", found, "ajoutez --version, comme 1.1.1")
        )
    return version


_OPENERS: Final[dict[str, Callable[[Sequence[Member], str, str, str, str], Opened]]] = {
    "esco": _esco,
    "rome": _rome,
    "nsf": _nsf,
    crosswalk.CODE: _crosswalk,
}
