BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X> ref:registerNumber "RNCP1" .
} ;
INSERT DATA {
    <X> ref:registerNumber "RNCP1"@fr .
}
