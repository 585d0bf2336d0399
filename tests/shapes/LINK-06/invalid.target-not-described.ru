BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/block/1> ref:hasCompetency <X/missing> .
    <X/missing> ref:competencyOf <X/block/1> .
}
