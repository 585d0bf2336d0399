BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/competency/C2/criterion/CE2> ref:sourceNotation "CE2" .
} ;
INSERT DATA {
    <X/competency/C2/criterion/CE2> ref:sourceNotation "C2" .
}
