BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/competency/C1> ref:hasEvidence <X/competency/C1/evidence/assessedBy-1> .
}
