BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA { <X> ref:registerNumber "RNCP1" } ;
INSERT DATA {
    <X/framework/activity-2> a ref:ActivityFramework .
    <X> ref:hasFramework <X/framework/activity-2> ;
        ref:registerNumber "RS6500" .
    <X/framework/activity-2> ref:frameworkOf <X> .
}
