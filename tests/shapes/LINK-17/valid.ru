BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y/block/1> a ref:SkillBlock .
    <Y> ref:hasBlock <Y/block/1> .
    <Y/block/1> ref:blockOf <Y> .
}
