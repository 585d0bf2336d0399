BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/block/1/activity/A1> ref:hasTask <X/missing> .
    <X/missing> ref:taskOf <X/block/1/activity/A1> .
}
