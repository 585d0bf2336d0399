BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/other/CE1.2> a ref:AssessmentCriterion ;
        skos:notation "CE1.2" ;
        skos:prefLabel "Critère CE1.2"@fr .
    <X/framework/assessment> ref:hasElement <X/other/CE1.2> .
    <X/other/CE1.2> ref:inFramework <X/framework/assessment> .
    <X/competency/C1> ref:hasCriterion <X/other/CE1.2> .
    <X/other/CE1.2> ref:criterionOf <X/competency/C1> .
}
