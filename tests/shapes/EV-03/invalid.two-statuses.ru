# also: EV-05
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/competency/C1/evidence/assessedBy-1> ref:evidenceStatus <https://w3id.org/referentiel/scheme/evidence-status#stated> .
}
