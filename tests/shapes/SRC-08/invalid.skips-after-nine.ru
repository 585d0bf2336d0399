BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/competency/C1/criterion/CE1.11> a ref:AssessmentCriterion ;
        skos:notation "CE1.11" ;
        skos:prefLabel "Critère CE1.11"@fr .
    <X/framework/assessment> ref:hasElement <X/competency/C1/criterion/CE1.11> .
    <X/competency/C1/criterion/CE1.11> ref:inFramework <X/framework/assessment> .
    <X/competency/C1> ref:hasCriterion <X/competency/C1/criterion/CE1.11> .
    <X/competency/C1/criterion/CE1.11> ref:criterionOf <X/competency/C1> .
}
