BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX status: <https://w3id.org/referentiel/scheme/evidence-status#>

DELETE DATA {
    <X/competency/C1/evidence/requires-1-A1> ref:evidenceStatus status:stated .
} ;
INSERT DATA {
    <X/competency/C1/evidence/requires-1-A1> ref:evidenceStatus status:maybe .
    status:maybe a skos:Concept .
}
