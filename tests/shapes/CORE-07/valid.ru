BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y/framework/activity> a ref:ActivityFramework ;
        ref:frameworkOf <Y> .
}
