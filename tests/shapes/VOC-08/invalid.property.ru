BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/competency/C1> ref:hasCriteria <X/competency/C1/criterion/CE1.1> .
}
