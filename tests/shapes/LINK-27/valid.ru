BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX status: <https://w3id.org/referentiel/scheme/evidence-status#>
PREFIX mode: <https://w3id.org/referentiel/scheme/assessment-mode#>
PREFIX arrangement: <https://w3id.org/referentiel/scheme/work-arrangement#>

INSERT DATA {
    <X/assessment/2> a ref:Assessment ;
        skos:notation "2" ;
        skos:prefLabel "Dossier"@fr .
    <X/framework/assessment> ref:hasElement <X/assessment/2> .
    <X/assessment/2> ref:inFramework <X/framework/assessment> ;
        dct:description "Le candidat remet un dossier."@fr ;
        ref:assessmentMode mode:oral ;
        ref:workArrangement arrangement:group .
    <X/block/1> ref:hasAssessment <X/assessment/2> .
    <X/assessment/2> ref:assessmentOf <X/block/1> .
    <X/competency/C1> ref:assessedBy <X/assessment/2> .
    <X/assessment/2> ref:assesses <X/competency/C1> .
    <X/competency/C1/evidence/assessedBy-2> a ref:LinkEvidence ;
        rdf:subject <X/competency/C1> ;
        rdf:predicate ref:assessedBy ;
        rdf:object <X/assessment/2> ;
        ref:evidenceStatus status:stated .
    <X/competency/C1> ref:hasEvidence <X/competency/C1/evidence/assessedBy-2> .
    <X/competency/C1/evidence/assessedBy-2> ref:evidenceOf <X/competency/C1> .
}
