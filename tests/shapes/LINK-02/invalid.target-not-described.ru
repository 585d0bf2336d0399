BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/framework/activity> ref:hasElement <X/missing> .
    <X/missing> ref:inFramework <X/framework/activity> .
}
