BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/competency/C1/criterion/CE1.2> ref:criterionOf <X/competency/C1> .
    <X/competency/C1> ref:hasCriterion <X/competency/C1/criterion/CE1.2> .
} ;
INSERT DATA {
    <X/competency/C1/criterion/CE1.2> ref:criterionOf <X/missing> .
    <X/missing> ref:hasCriterion <X/competency/C1/criterion/CE1.2> .
}
