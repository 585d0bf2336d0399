"""French verbs, told by their endings: which word is an infinitive, and the infinitive of a present participle."""

from __future__ import annotations

import re
from typing import Final

_NOT_VERBS: Final = frozenset(
    """amer berger boucher boulanger cancer cher cluster danger designer enfer étranger fer flyer foyer hier hiver horloger laser
    leader léger loyer master mer messager newsletter passager plancher poster potager rocher scanner usager ver verger
    viager avenir cuir désir loisir plaisir souvenir tir cylindre cendre gendre moindre cuivre livre lettre maître
    contremaître""".split()
)
"""Nouns and adjectives of the language of work that end like an infinitive."""

_IN_IER: Final = re.compile(
    r"\w*(?:fier|ocier|écier|édier|oprier|orier|copier|plier)|(?:ré)?concilier|allier|bénéficier|différencier|étudier|initier|licencier|lier"
    r"|manier|oublier|pallier|parier|privilégier|publier|rallier|rapatrier|relier|remanier|remercier|scier|skier|trier|varier"
)
_IN_RE: Final = re.compile(
    r"\w*(?:[aeo]ndre|[aeo]indre|uire|crire|ettre|[nr]aître|suivre|vivre|clure|soudre|rompre|vaincre|perdre|croire|faire|traire|plaire)"
    r"|lire|relire|élire|dire|prédire|interdire|redire|traduire|coudre|découdre|moudre"
)
_IN_OIR: Final = re.compile(r"\w*(?:cevoir|mouvoir|prévoir|pourvoir|revoir)|voir|asseoir|promouvoir")

_PARTICIPLES: Final = {
    "écrivant": "écrire", "décrivant": "décrire", "prescrivant": "prescrire", "transcrivant": "transcrire",
    "souscrivant": "souscrire", "suivant": "suivre", "poursuivant": "poursuivre", "faisant": "faire",
    "satisfaisant": "satisfaire", "lisant": "lire", "élisant": "élire", "ouvrant": "ouvrir", "offrant": "offrir",
    "couvrant": "couvrir", "découvrant": "découvrir", "servant": "servir", "prévoyant": "prévoir", "voyant": "voir",
    "sachant": "savoir", "concevant": "concevoir", "recevant": "recevoir", "percevant": "percevoir",
    "promouvant": "promouvoir", "connaissant": "connaître", "reconnaissant": "reconnaître", "résolvant": "résoudre",
    "convainquant": "convaincre", "acquérant": "acquérir", "requérant": "requérir", "recueillant": "recueillir",
    "accueillant": "accueillir", "cueillant": "cueillir", "joignant": "joindre", "atteignant": "atteindre",
    "restreignant": "restreindre", "contraignant": "contraindre", "plaçant": "placer", "disant": "dire",
    "extrayant": "extraire", "demandant": "demander", "commandant": "commander", "recommandant": "recommander",
}  # fmt: skip
"""Those whose infinitive the endings below don't give."""

_PARTICIPLE_ENDINGS: Final = (
    ("issant", "ir"), ("uisant", "uire"), ("prenant", "prendre"), ("mettant", "mettre"), ("battant", "battre"), ("tenant", "tenir"),
    ("venant", "venir"), ("rendant", "rendre"), ("tendant", "tendre"), ("vendant", "vendre"), ("fendant", "fendre"),
    ("pondant", "pondre"), ("geant", "ger"), ("çant", "cer"), ("ant", "er"),
)  # fmt: skip


def is_infinitive(word: str) -> bool:
    """Whether a French word looks like the infinitive of a verb: a guess from its ending, with the nouns it knows excepted."""
    word = word.lower().removeprefix("s'").removeprefix("l'")
    if len(word) < 4 or " " in word or word in _NOT_VERBS:
        return False
    if word.endswith("ier"):
        return _IN_IER.fullmatch(word) is not None
    if word.endswith("oir"):
        return _IN_OIR.fullmatch(word) is not None
    return word.endswith(("er", "ir")) or _IN_RE.fullmatch(word) is not None


def infinitive(participle: str) -> str:
    """The infinitive of a present participle: `collectant` gives `collecter`, `établissant` gives `établir`."""
    participle = participle.lower()
    if known := _PARTICIPLES.get(participle):
        return known
    for ending, replacement in _PARTICIPLE_ENDINGS:
        if participle.endswith(ending):
            return participle.removesuffix(ending) + replacement
    return participle
