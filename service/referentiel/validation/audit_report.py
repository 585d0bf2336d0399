"""An audit in the forms that people and machines read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from html import escape
from io import StringIO
from typing import Final, Literal

from referentiel.validation.audit import Audit
from referentiel.validation.rules import Bilingual, Language, Severity
from referentiel.vocabulary import RDF, SH, XSD

_SHOWN: Final = 20
"""Certifications shown in the text; the page and the table have them all."""
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_TITLE: Final = Bilingual("Contrôle du magasin", "Audit of the store")
_VERDICTS: Final = {
    True: Bilingual("Le magasin est conforme : aucune obligation n'est enfreinte.", "The store conforms: no obligation is broken."),
    False: Bilingual("Le magasin n'est pas conforme.", "The store does not conform."),
}
_JUDGED: Final = Bilingual("Certifications contrôlées : {}.", "Certifications judged: {}.")
_COMPARED: Final = Bilingual(
    "Contrôlées une seconde fois par pySHACL seul : {}, différences : {}.", "Judged again by pySHACL alone: {}, differences: {}."
)
_MORE: Final = Bilingual("… et {} autres certifications.", "… and {} more certifications.")
_ELSEWHERE: Final = Bilingual("hors des certifications", "outside certifications")
_RULES: Final = Bilingual("Par règle", "By rule")
_CERTIFICATIONS: Final = Bilingual("Par certification", "By certification")
_RESULTS: Final = Bilingual("Résultats", "Results")
_SEVERITIES: Final = {
    Severity.VIOLATION: Bilingual("violation", "violation"),
    Severity.WARNING: Bilingual("recommandation", "recommendation"),
    Severity.INFO: Bilingual("information", "information"),
}
_RULE_HEADINGS: Final = (
    Bilingual("règle", "rule"),
    Bilingual("gravité", "severity"),
    Bilingual("résultats", "results"),
    Bilingual("certifications", "certifications"),
    Bilingual("comment corriger", "how to mend"),
)
_CERTIFICATION_HEADINGS: Final = (
    Bilingual("certification", "certification"),
    Bilingual("violations", "violations"),
    Bilingual("recommandations", "recommendations"),
    Bilingual("informations", "informations"),
)
_COLUMNS: Final = (
    Bilingual("certification", "certification"),
    Bilingual("règle", "rule"),
    Bilingual("gravité", "severity"),
    Bilingual("nœud", "node"),
    Bilingual("où", "where"),
    Bilingual("libellé", "label"),
    Bilingual("propriété", "property"),
    Bilingual("valeur", "value"),
    Bilingual("comment corriger", "how to mend"),
)
_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#161616;background:#fff}"
    "table{border-collapse:collapse;margin:1rem 0}caption{text-align:left;font-weight:bold}"
    "th,td{border:1px solid #767676;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
    "thead th{background:#eee}div{overflow-x:auto}"
)


def write(audit: Audit, form: Literal["text", "csv", "turtle", "html"], language: Language) -> bytes:
    """The report of an audit, in UTF-8. `turtle`: one W3C report (SHACL, 3.6); `html`: a page that needs nothing else."""
    parts = {"text": _text, "csv": _csv, "turtle": _turtle, "html": _html}[form](audit, language)
    return "".join(parts).encode()


def _facts(audit: Audit, language: Language) -> list[str]:
    return [
        _VERDICTS[audit.conforms].get(language),
        _JUDGED.get(language).format(audit.certifications),
        _COMPARED.get(language).format(audit.compared, len(audit.missed)),
    ]


def _rule_rows(audit: Audit, language: Language) -> Iterator[tuple[str, ...]]:
    for rule, results, certifications in audit.by_rule():
        severity = _SEVERITIES[rule.severity].get(language)
        yield rule.code, severity, str(results), str(certifications), rule.message.get(language)


def _certification_rows(audit: Audit, language: Language) -> list[tuple[str, ...]]:
    return [
        (name or _ELSEWHERE.get(language), *(str(counts[severity]) for severity in Severity))
        for name, counts in audit.by_certification()
    ]


def _result_rows(audit: Audit, language: Language) -> Iterator[tuple[str, ...]]:
    for finding in audit.findings:
        result = finding.result
        yield (
            finding.certification or "",
            result.code,
            _SEVERITIES[result.severity].get(language),
            str(result.focus),
            result.place.get(language),
            result.label or "",
            "" if result.path is None else str(result.path),
            "" if result.value is None else str(result.value),
            result.message.get(language),
        )


def _text(audit: Audit, language: Language) -> Iterator[str]:
    yield from (f"{line}\n" for line in _facts(audit, language))
    if not audit.findings:
        return
    yield f"\n{_RULES.get(language)}\n"
    for code, severity, results, certifications, message in _rule_rows(audit, language):
        yield f"  {code:8} {severity:15} {results:>8} {certifications:>8}  {message}\n"
    rows = _certification_rows(audit, language)
    yield f"\n{_CERTIFICATIONS.get(language)}\n"
    for name, *counts in rows[:_SHOWN]:
        yield f"  {' '.join(f'{count:>6}' for count in counts)}  {name}\n"
    if len(rows) > _SHOWN:
        yield f"  {_MORE.get(language).format(len(rows) - _SHOWN)}\n"


def _csv(audit: Audit, language: Language) -> Iterator[str]:
    written = StringIO()
    table = csv.writer(written)
    table.writerow([heading.get(language) for heading in _COLUMNS])
    for row in _result_rows(audit, language):
        table.writerow([_inert(cell) for cell in row])
    yield written.getvalue()


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: what is told of was written by others."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _turtle(audit: Audit, _: Language) -> Iterator[str]:
    """N-Triples are Turtle: the report of a register is too long to be made pretty."""
    verdict = "false" if audit.reports else "true"
    yield f"_:report {RDF.type.n3()} {SH.ValidationReport.n3()} .\n"
    yield f'_:report {SH.conforms.n3()} "{verdict}"^^{XSD.boolean.n3()} .\n'
    for number, said in enumerate(audit.reports, 1):
        yield f"_:report {SH.result.n3()} _:result{number} .\n"
        yield from (f"_:result{number} {line}\n" for line in said)


def _html(audit: Audit, language: Language) -> Iterator[str]:
    title = escape(_TITLE.get(language))
    yield f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
    yield f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>\n<h1>{title}</h1>\n'
    yield from (f"<p>{escape(line)}</p>\n" for line in _facts(audit, language))
    yield from _table(_RULES, _RULE_HEADINGS, _rule_rows(audit, language), language)
    yield from _table(_CERTIFICATIONS, _CERTIFICATION_HEADINGS, iter(_certification_rows(audit, language)), language)
    yield from _table(_RESULTS, _COLUMNS, _result_rows(audit, language), language)
    yield "</main></body></html>\n"


def _table(
    caption: Bilingual, headings: tuple[Bilingual, ...], rows: Iterator[tuple[str, ...]], language: Language
) -> Iterator[str]:
    yield f'<div tabindex="0" role="region" aria-label="{escape(caption.get(language))}"><table>'
    yield f"<caption>{escape(caption.get(language))}</caption><thead><tr>"
    yield from (f'<th scope="col">{escape(heading.get(language))}</th>' for heading in headings)
    yield "</tr></thead><tbody>\n"
    for first, *others in rows:
        yield f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in others)}</tr>\n'
    yield "</tbody></table></div>\n"
