# also: CORE-05 CORE-06 CORE-11 CORE-16 CORE-20 ID-01 ID-12 LINK-20 SRC-09
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y/block/1> a ref:SkillBlock .
    <Y> ref:hasBlock <Y/block/1> .
    <Y/block/1> ref:blockOf <Y> .
    <Y/block/1/activity/A1> a ref:Activity .
    <Y/block/1> ref:hasActivity <Y/block/1/activity/A1> .
    <Y/block/1/activity/A1> ref:activityOf <Y/block/1> ;
        ref:hasTask <X/block/1/activity/A1/task/T2> .
    <X/block/1/activity/A1/task/T2> ref:taskOf <Y/block/1/activity/A1> .
}
