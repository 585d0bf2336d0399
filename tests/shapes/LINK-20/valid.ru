BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/block/3> a ref:SkillBlock .
    <X> ref:hasBlock <X/block/3> .
    <X/block/3> ref:blockOf <X> .
}
