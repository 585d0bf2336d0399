# also: CORE-05 CORE-06 CORE-15 ID-01 ID-12 LINK-20
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y/block/1> a ref:SkillBlock .
    <Y> ref:hasBlock <Y/block/1> .
    <Y/block/1> ref:blockOf <Y> ;
        ref:hasActivity <X/block/2/activity/A1> .
    <X/block/2/activity/A1> ref:activityOf <Y/block/1> .
}
