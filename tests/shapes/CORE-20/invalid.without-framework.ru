BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/block/1/activity/A1> ref:inFramework <X/framework/activity> .
    <X/framework/activity> ref:hasElement <X/block/1/activity/A1> .
}
