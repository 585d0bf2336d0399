# also: EV-01
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/competency/C1/evidence/requires-1-A1> ref:evidenceOf <X/competency/C1> .
    <X/competency/C1> ref:hasEvidence <X/competency/C1/evidence/requires-1-A1> .
} ;
INSERT DATA {
    <X/competency/C1/evidence/requires-1-A1> ref:evidenceOf <X/block/1/activity/A1> .
    <X/block/1/activity/A1> ref:hasEvidence <X/competency/C1/evidence/requires-1-A1> .
}
