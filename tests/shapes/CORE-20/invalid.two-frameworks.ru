# also: CORE-19
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y/framework/activity> a ref:ActivityFramework ;
        ref:hasElement <X/block/1/activity/A1> .
    <X/block/1/activity/A1> ref:inFramework <Y/framework/activity> .
}
