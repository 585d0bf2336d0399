"""The words that mark the parts of a competency: how (`en …ant`), what for (`afin de`), in what setting (`dans le cadre de`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from referentiel.linking.verbs import is_infinitive


class Role(IntEnum):
    """What a part is in its sentence, those first that say the most of it."""

    HEAD = 1
    MANNER = 2
    PURPOSE = 3
    EXAMPLE = 4
    CONTEXT = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a part ends (`start`) and the next begins (`end`). `role`: of the next; None for a joint, before one more infinitive.

    `of`: the joint says `de` again, as in `afin de suivre et de contrôler`. `aim`: it is `pour`, which is not said again.
    """

    start: int
    end: int
    role: Role | None
    of: bool = False
    aim: bool = False


_OF: Final = r"(?:de\ la\ |de\ l'|de\ |d'|du\ |des\ )"
_TO: Final = r"(?:à\ la\ |à\ l'|à\ |au\ |aux\ )"
_THEM: Final = r"(?:ne\ pas\ |se\ |s'|les?\ |la\ |l'|en\ |y\ )?"
_ABLE: Final = r"(?:[êe]tre\ (?:capable|en\ mesure|en\ capacité)\ (?:de\ |d'))?"
_MARK: Final = re.compile(
    rf"""\b(?:
      (?P<purpose>
          afin\ {_OF} | afin\ que\ | en\ vue\ {_OF} | dans\ (?:le|un)\ but\ {_OF}
        | dans\ (?:l'|un\ |une\ )(?:objectif|optique|intention)\ {_OF} | de\ (?:telle\ )?(?:manière|façon|sorte)\ (?:à|que)\b
        | (?:à\ des|aux)\ fins\ {_OF} | visant\ {_TO} | permettant\ {_OF} | et\ ainsi\b )
    | (?P<tool>
          (?:en\ )?(?:s'appuyant|se\ basant|se\ fondant|prenant\ appui)\ (?:notamment\ )?sur\b
        | (?:en\ )?(?:utilisant|mobilisant|recourant\ à)\b | en\ ayant\ recours\ {_TO}
        | (?:[àa]\ l'aide|avec\ l'aide|au\ moyen|au\ travers|sur\ la\ base|[àa]\ partir)\ {_OF} | [àa]\ travers\b
        | gr[âa]ce\ {_TO} | par\ (?:le\ biais|l'intermédiaire)\ {_OF} )
    | (?P<context>
          en\ tenant\ compte\ {_OF} | compte\ tenu\ {_OF} | (?:en\ )?prenant\ en\ compte\b
        | en\ (?:intégrant|respectant)\b | en\ veillant\ {_TO} | en\ (?:fonction|respect|matière|réponse|vertu)\ (?:{_OF}|{_TO})
        | en\ (?:lien|relation|collaboration|cohérence|accord|conformité|adéquation|alignement)\ avec\b
        | dans\ le\ (?:respect|cadre|contexte)\ {_OF} | dans\ une?\ (?:contexte|démarche|logique|environnement)\ {_OF}?
        | selon\b | conformément\ {_TO} | (?:au\ regard|au\ sein|auprès|lors|tout\ au\ long)\ {_OF}
        | par\ rapport\ {_TO} | face\ {_TO} | vis[ -]à[ -]vis\ {_OF} | (?:qui|dont|où)\b
        | (?:(?:par|pour|dans|sur|avec)\ )?(?:lequel|laquelle|lesquels|lesquelles)\b )
    | (?P<example>tel(?:le)?s?\ que\b | notamment\b | y\ compris\b | par\ exemple\b | en\ particulier\b )
    | (?P<manner>(?:tout\ )?en\ (?!tant\b|avant\b)(?=(?:s'|se\ |l'|les?\ |la\ |y\ )?\w+ant\b))
    | (?P<aim>pour\ (?={_THEM}(?P<aimed>[\w-]+)))
    ) | (?P<joint>
        (?:,\s*(?:(?:et/ou|et|puis|ou|ainsi\ que|voire)\ )?|\b(?:et/ou|et|ou|puis|ainsi\ que)\ )
        (?P<of>de\ |d'|à\ )?{_ABLE}(?={_THEM}(?P<joined>[\w-]+)))""",
    re.VERBOSE | re.IGNORECASE,
)
_ROLES: Final = {
    "purpose": Role.PURPOSE,
    "tool": Role.MANNER,
    "context": Role.CONTEXT,
    "example": Role.EXAMPLE,
    "manner": Role.MANNER,
    "aim": Role.PURPOSE,
}


def marks(sentence: str) -> Iterator[Mark]:
    """The marks of a sentence in their order. A comma, `et` or `pour` is one only when an infinitive follows."""
    at = 0
    while found := _MARK.search(sentence, at):
        verb = found["aimed"] or found["joined"]
        if verb is None or is_infinitive(verb):
            role = _ROLES.get(found.lastgroup or "")
            yield Mark(found.start(), found.end(), role, of=bool(found["of"]), aim=bool(found["aim"]))
            at = found.end()
        else:
            at = found.start() + 1
