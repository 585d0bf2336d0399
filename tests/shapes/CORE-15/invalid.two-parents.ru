# also: ID-10
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/block/2/activity/A1> ref:activityOf <X/block/1> .
    <X/block/1> ref:hasActivity <X/block/2/activity/A1> .
}
