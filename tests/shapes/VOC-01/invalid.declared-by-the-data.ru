BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX mode: <https://w3id.org/referentiel/scheme/assessment-mode#>

INSERT DATA {
    <X/assessment/1> ref:assessmentMode mode:telepathy .
    mode:telepathy a skos:Concept .
}
