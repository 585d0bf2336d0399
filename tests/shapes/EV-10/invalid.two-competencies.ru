# also: EV-01 EV-09
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE DATA {
    <X/competency/C1/evidence/requires-1-A1> rdf:subject <X/block/1/activity/A1> .
} ;
INSERT DATA {
    <X/competency/C1/evidence/requires-1-A1> rdf:subject <X/competency/C2> .
    <X/competency/C2> ref:hasEvidence <X/competency/C1/evidence/requires-1-A1> .
    <X/competency/C1/evidence/requires-1-A1> ref:evidenceOf <X/competency/C2> .
}
