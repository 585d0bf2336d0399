BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/competency/C1/excerpt/1> ref:sourcePage 1 .
} ;
INSERT DATA {
    <X/competency/C1/excerpt/1> ref:sourcePage 12 .
}
