BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX arrangement: <https://w3id.org/referentiel/scheme/work-arrangement#>

INSERT DATA {
    <X/assessment/1> ref:workArrangement arrangement:crowd .
    arrangement:crowd a skos:Concept .
}
