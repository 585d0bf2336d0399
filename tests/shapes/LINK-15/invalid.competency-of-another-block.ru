BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX status: <https://w3id.org/referentiel/scheme/evidence-status#>

INSERT DATA {
    <X/block/2/activity/A1> ref:requires <X/competency/C1> .
    <X/competency/C1> ref:requiredBy <X/block/2/activity/A1> .
    <X/competency/C1/evidence/requires-2-A1> a ref:LinkEvidence ;
        rdf:subject <X/block/2/activity/A1> ;
        rdf:predicate ref:requires ;
        rdf:object <X/competency/C1> ;
        ref:evidenceStatus status:stated .
    <X/competency/C1> ref:hasEvidence <X/competency/C1/evidence/requires-2-A1> .
    <X/competency/C1/evidence/requires-2-A1> ref:evidenceOf <X/competency/C1> .
}
