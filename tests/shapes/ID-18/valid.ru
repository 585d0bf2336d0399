BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y> a ref:Certification ;
        ref:registerNumber "RNCP2" .
}
