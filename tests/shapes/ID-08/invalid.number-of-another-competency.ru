BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/competency/C2/criterion/CE3> a ref:AssessmentCriterion ;
        skos:notation "CE3" ;
        skos:prefLabel "Critère CE3"@fr .
    <X/framework/assessment> ref:hasElement <X/competency/C2/criterion/CE3> .
    <X/competency/C2/criterion/CE3> ref:inFramework <X/framework/assessment> .
    <X/competency/C2> ref:hasCriterion <X/competency/C2/criterion/CE3> .
    <X/competency/C2/criterion/CE3> ref:criterionOf <X/competency/C2> .
}
