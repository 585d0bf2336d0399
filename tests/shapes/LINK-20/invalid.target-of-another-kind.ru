# also: LINK-17
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/block/2> ref:blockOf <X> .
    <X> ref:hasBlock <X/block/2> .
} ;
INSERT DATA {
    <X/block/2> ref:blockOf <X/source> .
    <X/source> ref:hasBlock <X/block/2> .
}
