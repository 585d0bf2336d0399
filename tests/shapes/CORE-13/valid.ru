BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/competency/C2> ref:assessedBy <X/assessment/1> .
    <X/assessment/1> ref:assesses <X/competency/C2> .
}
