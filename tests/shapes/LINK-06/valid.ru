BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/competency/C3> a ref:Competency .
    <X/block/1> ref:hasCompetency <X/competency/C3> .
}
