BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y/framework/activity> a ref:ActivityFramework .
    <Y> a ref:Certification ;
        ref:hasFramework <Y/framework/activity> .
    <Y/framework/activity> ref:frameworkOf <Y> .
}
