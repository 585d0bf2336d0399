BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dct: <http://purl.org/dc/terms/>
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
}
