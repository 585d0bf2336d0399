BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT DATA {
    <X/competency/C1> a ref:Skill .
    ref:Skill a owl:Class .
}
