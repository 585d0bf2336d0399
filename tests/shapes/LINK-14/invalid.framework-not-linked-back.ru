# also: CORE-20
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/block/1/activity/A1/task/T2> ref:inFramework <X/framework/activity> .
}
