# also: CORE-21
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/competency/C1> ref:inFramework <X/missing> .
    <X/missing> ref:hasElement <X/competency/C1> .
}
