BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX status: <https://w3id.org/referentiel/scheme/evidence-status#>

DELETE DATA {
    <X/competency/C1/evidence/requires-1-A1> ref:evidenceStatus status:stated .
} ;
INSERT DATA {
    <X/competency/C1/evidence/requires-1-A1> ref:evidenceStatus "https://w3id.org/referentiel/scheme/evidence-status#stated" .
}
