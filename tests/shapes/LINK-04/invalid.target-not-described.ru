BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/block/1> ref:hasActivity <X/missing> .
    <X/missing> ref:activityOf <X/block/1> .
}
