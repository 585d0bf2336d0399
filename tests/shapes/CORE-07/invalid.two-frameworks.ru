BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/framework/activity-2> a ref:ActivityFramework .
    <X> ref:hasFramework <X/framework/activity-2> .
    <X/framework/activity-2> ref:frameworkOf <X> .
}
