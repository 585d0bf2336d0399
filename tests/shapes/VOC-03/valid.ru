BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX status: <https://w3id.org/referentiel/scheme/evidence-status#>

DELETE DATA {
    <X/competency/C1/evidence/assessedBy-1> ref:evidenceStatus status:inferred .
} ;
INSERT DATA {
    <X/competency/C1/evidence/assessedBy-1> ref:evidenceStatus status:stated .
}
