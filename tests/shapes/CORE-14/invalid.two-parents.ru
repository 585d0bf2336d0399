# also: CORE-07 CORE-08 CORE-09 ID-01 LINK-17 SRC-05 SRC-06
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y> a ref:Certification ;
        ref:hasBlock <X/block/2> .
    <X/block/2> ref:blockOf <Y> .
}
