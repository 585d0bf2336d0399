BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/competency/C1/criterion/CE1.3> a ref:AssessmentCriterion ;
        skos:notation "CE1.3" ;
        skos:prefLabel "Critère CE1.3"@fr .
    <X/framework/assessment> ref:hasElement <X/competency/C1/criterion/CE1.3> .
    <X/competency/C1/criterion/CE1.3> ref:inFramework <X/framework/assessment> .
    <X/competency/C1> ref:hasCriterion <X/competency/C1/criterion/CE1.3> .
    <X/competency/C1/criterion/CE1.3> ref:criterionOf <X/competency/C1> .
}
