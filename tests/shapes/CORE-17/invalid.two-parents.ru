BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/competency/C2> ref:competencyOf <X/block/1> .
    <X/block/1> ref:hasCompetency <X/competency/C2> .
}
