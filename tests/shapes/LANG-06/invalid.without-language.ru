BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/competency/C1/excerpt/1> ref:sourceText "C1 Compétence"@fr .
} ;
INSERT DATA {
    <X/competency/C1/excerpt/1> ref:sourceText "C1 Compétence" .
}
