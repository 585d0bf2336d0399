# also: CORE-04 CORE-06 CORE-17 ID-01 ID-12 LINK-20
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y/block/1> a ref:SkillBlock .
    <Y> ref:hasBlock <Y/block/1> .
    <Y/block/1> ref:blockOf <Y> ;
        ref:hasCompetency <X/competency/C2> .
    <X/competency/C2> ref:competencyOf <Y/block/1> .
}
