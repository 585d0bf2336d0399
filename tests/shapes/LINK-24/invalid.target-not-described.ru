BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX status: <https://w3id.org/referentiel/scheme/evidence-status#>

INSERT DATA {
    <X/block/1/activity/A99> ref:requires <X/competency/C1> .
    <X/competency/C1> ref:requiredBy <X/block/1/activity/A99> ;
        ref:hasEvidence <X/competency/C1/evidence/requires-1-A99> .
    <X/competency/C1/evidence/requires-1-A99> a ref:LinkEvidence ;
        rdf:subject <X/block/1/activity/A99> ;
        rdf:predicate ref:requires ;
        rdf:object <X/competency/C1> ;
        ref:evidenceOf <X/competency/C1> ;
        ref:evidenceStatus status:stated .
}
