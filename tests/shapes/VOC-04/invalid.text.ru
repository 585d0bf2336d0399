BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX rule: <https://w3id.org/referentiel/scheme/inference-rule#>

DELETE DATA {
    <X/competency/C1/evidence/assessedBy-1> ref:inferenceRule rule:block-assessment .
} ;
INSERT DATA {
    <X/competency/C1/evidence/assessedBy-1> ref:inferenceRule "https://w3id.org/referentiel/scheme/inference-rule#same-row" .
}
