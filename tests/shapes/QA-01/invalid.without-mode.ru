BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX mode: <https://w3id.org/referentiel/scheme/assessment-mode#>

DELETE DATA {
    <X/assessment/1> ref:assessmentMode mode:written .
}
