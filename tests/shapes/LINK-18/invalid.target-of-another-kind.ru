# also: CORE-07 LINK-17
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/framework/activity> ref:frameworkOf <X> .
    <X> ref:hasFramework <X/framework/activity> .
} ;
INSERT DATA {
    <X/framework/activity> ref:frameworkOf <X/source> .
    <X/source> ref:hasFramework <X/framework/activity> .
}
