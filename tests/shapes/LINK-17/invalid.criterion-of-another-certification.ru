# also: CORE-02 CORE-04 CORE-06 CORE-10 CORE-18 CORE-21 ID-01 ID-12 LINK-20 SKOS-03 SKOS-04
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y/block/1> a ref:SkillBlock .
    <Y> ref:hasBlock <Y/block/1> .
    <Y/block/1> ref:blockOf <Y> .
    <Y/competency/C1> a ref:Competency .
    <Y/block/1> ref:hasCompetency <Y/competency/C1> .
    <Y/competency/C1> ref:competencyOf <Y/block/1> ;
        ref:hasCriterion <X/competency/C2/criterion/CE2> .
    <X/competency/C2/criterion/CE2> ref:criterionOf <Y/competency/C1> .
}
