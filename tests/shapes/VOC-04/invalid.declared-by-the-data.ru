BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rule: <https://w3id.org/referentiel/scheme/inference-rule#>

DELETE DATA {
    <X/competency/C1/evidence/assessedBy-1> ref:inferenceRule rule:block-assessment .
} ;
INSERT DATA {
    <X/competency/C1/evidence/assessedBy-1> ref:inferenceRule rule:guess .
    rule:guess a skos:Concept .
}
