# also: ID-08 SRC-08
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/competency/C1/criterion/CE1.2> ref:criterionOf <X/competency/C2> .
    <X/competency/C2> ref:hasCriterion <X/competency/C1/criterion/CE1.2> .
}
