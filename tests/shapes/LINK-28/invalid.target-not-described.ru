BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/competency/C1/excerpt/1> ref:excerptOf <X/competency/C1> .
    <X/competency/C1> ref:hasExcerpt <X/competency/C1/excerpt/1> .
} ;
INSERT DATA {
    <X/competency/C1/excerpt/1> ref:excerptOf <X/missing> .
    <X/missing> ref:hasExcerpt <X/competency/C1/excerpt/1> .
}
