BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/assessment/1> ref:assessmentMode "https://w3id.org/referentiel/scheme/assessment-mode#written" .
}
