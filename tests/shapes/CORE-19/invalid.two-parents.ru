# also: CORE-03 CORE-08 CORE-09 ID-01 LINK-17 SRC-05 SRC-06
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y> a ref:Certification ;
        ref:hasFramework <X/framework/activity> .
    <X/framework/activity> ref:frameworkOf <Y> .
}
