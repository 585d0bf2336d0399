BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX status: <https://w3id.org/referentiel/scheme/evidence-status#>

INSERT DATA {
    <X/block/1/activity/A2> a ref:Activity ;
        skos:notation "A2" ;
        skos:prefLabel "Activité A2"@fr .
    <X/framework/activity> ref:hasElement <X/block/1/activity/A2> .
    <X/block/1/activity/A2> ref:inFramework <X/framework/activity> .
    <X/block/1> ref:hasActivity <X/block/1/activity/A2> .
    <X/block/1/activity/A2> ref:activityOf <X/block/1> ;
        ref:requires <X/competency/C1> .
    <X/competency/C1> ref:requiredBy <X/block/1/activity/A2> .
    <X/competency/C1/evidence/requires-1-A2> a ref:LinkEvidence ;
        rdf:subject <X/block/1/activity/A2> ;
        rdf:predicate ref:requires ;
        rdf:object <X/competency/C1> ;
        ref:evidenceStatus status:stated .
    <X/competency/C1> ref:hasEvidence <X/competency/C1/evidence/requires-1-A2> .
    <X/competency/C1/evidence/requires-1-A2> ref:evidenceOf <X/competency/C1> .
}
