BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/competency/C1/criterion/CE1.4> a ref:AssessmentCriterion ;
        skos:notation "CE1.4" ;
        skos:prefLabel "Critère CE1.4"@fr .
    <X/framework/assessment> ref:hasElement <X/competency/C1/criterion/CE1.4> .
    <X/competency/C1/criterion/CE1.4> ref:inFramework <X/framework/assessment> .
    <X/competency/C1> ref:hasCriterion <X/competency/C1/criterion/CE1.4> .
    <X/competency/C1/criterion/CE1.4> ref:criterionOf <X/competency/C1> .
}
