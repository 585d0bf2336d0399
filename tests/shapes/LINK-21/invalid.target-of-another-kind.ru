# also: CORE-04 LINK-15
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/block/2/activity/A1> ref:activityOf <X/block/2> .
    <X/block/2> ref:hasActivity <X/block/2/activity/A1> .
} ;
INSERT DATA {
    <X/block/2/activity/A1> ref:activityOf <X/source> .
    <X/source> ref:hasActivity <X/block/2/activity/A1> .
}
