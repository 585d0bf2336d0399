# also: CORE-03 CORE-07 CORE-08 CORE-09 ID-01 SRC-05
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y> a ref:Certification ;
        ref:registerNumber "RNCP1" .
}
