"""The words that nearly every competency is made of, and that say little of what it is about."""

from __future__ import annotations

from typing import Final

from referentiel.linking.analysis import words


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in words(text))


_LIGHT: Final = _stems(
    """être avoir faire valoir permettre mettre prendre tenir rendre donner réaliser effectuer assurer procéder participer
    contribuer veiller exercer mobiliser utiliser définir identifier gérer appliquer connaître maîtriser œuvre place
    compte cas cadre niveau manière type ensemble élément moyen domaine aspect nature champ différent divers nouveau
    principal nécessaire lié adapté pertinent concerné approprié spécifique courant essentiel visible périmètre
    premier principe référence"""
)
"""Verbs that leave it to their object to say what is done, and the like."""

_GENERAL: Final = _stems(
    """procédure processus méthode méthodologie démarche outil technique technologie information donnée système ressource
    activité action document règle norme support solution projet service produit travail entreprise organisation
    structure équipe client besoin objectif analyse étude évaluation définition suivi gestion mise développement
    amélioration réalisation élaboration choix exploitation utilisation plan résultat qualité performance stratégie
    situation contexte problème critère acteur partenaire collaborateur interlocuteur compétence élaborer établir
    analyser évaluer organiser développer concevoir proposer choisir sélectionner déterminer rédiger suivre contrôler
    vérifier conduire piloter animer accompagner mesurer intégrer adapter planifier coordonner formaliser préparer
    présenter"""
)
"""Words that say something together with others only: `analyser des données`."""

_BOILERPLATE: Final = _stems(
    """garantir assurer répondre satisfaire permettre favoriser faciliter optimiser améliorer contribuer atteindre maintenir
    développer accroître renforcer sécuriser éviter aider obtenir mettre proposer adapter apporter rendre donner faire
    prendre valider besoin attente exigence demande client clientèle entreprise organisation structure société
    établissement qualité performance objectif activité efficacité efficience projet résultat satisfaction service
    produit prestation réponse solution amélioration optimisation continu continue bon bonne meilleur meilleure œuvre
    place fixé déterminé défini attendu visé ensemble différent nécessaire conforme adapté pertinent optimal réussite
    fonctionnement action mission travail situation cohérence enjeu évolution futur direction personne équipe public
    critère donné interlocuteur spécificité contrainte environnement contexte spécialité vigueur conformité"""
)
"""What purposes and settings are made of: `afin de répondre aux besoins du client` says nothing of one competency."""


def is_boilerplate(part: str) -> bool:
    """Whether a purpose or a setting could stand in any competency."""
    return all(word.stem in _BOILERPLATE for word in words(part))


def precision(part: str) -> float:
    """How far what fits a part can be trusted to fit its sentence, 0.4 to 1: by how many of its words say something precise."""
    weights = (0.0 if word.stem in _LIGHT else 0.5 if word.stem in _GENERAL else 1.0 for word in words(part))
    return min(1.0, 0.4 + 0.2 * sum(weights))
