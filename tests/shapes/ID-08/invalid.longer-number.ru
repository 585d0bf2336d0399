BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/competency/C2/criterion/CE21> a ref:AssessmentCriterion ;
        skos:notation "CE21" ;
        skos:prefLabel "Critère CE21"@fr .
    <X/framework/assessment> ref:hasElement <X/competency/C2/criterion/CE21> .
    <X/competency/C2/criterion/CE21> ref:inFramework <X/framework/assessment> .
    <X/competency/C2> ref:hasCriterion <X/competency/C2/criterion/CE21> .
    <X/competency/C2/criterion/CE21> ref:criterionOf <X/competency/C2> .
}
