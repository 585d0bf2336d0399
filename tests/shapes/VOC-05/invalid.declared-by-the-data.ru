BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX column: <https://w3id.org/referentiel/scheme/source-column#>

DELETE DATA {
    <X/competency/C1/excerpt/1> ref:sourceColumn column:competencies .
} ;
INSERT DATA {
    <X/competency/C1/excerpt/1> ref:sourceColumn column:margin .
    column:margin a skos:Concept .
}
