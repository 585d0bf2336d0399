# also: CORE-04 CORE-05 ID-01 ID-12 LINK-20
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y/block/1> a ref:SkillBlock .
    <Y> ref:hasBlock <Y/block/1> .
    <Y/block/1> ref:blockOf <Y> ;
        ref:hasAssessment <X/assessment/1> .
    <X/assessment/1> ref:assessmentOf <Y/block/1> .
}
