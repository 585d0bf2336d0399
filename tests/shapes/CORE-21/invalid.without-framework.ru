# also: SKOS-04
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/competency/C1> ref:inFramework <X/framework/competency> .
    <X/framework/competency> ref:hasElement <X/competency/C1> .
}
