BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/assessment/1> ref:assesses <X/missing> .
    <X/missing> ref:assessedBy <X/assessment/1> .
}
