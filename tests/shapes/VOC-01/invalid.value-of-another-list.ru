BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX arrangement: <https://w3id.org/referentiel/scheme/work-arrangement#>

INSERT DATA {
    <X/assessment/1> ref:assessmentMode arrangement:group .
}
