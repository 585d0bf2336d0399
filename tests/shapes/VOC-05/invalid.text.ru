BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX column: <https://w3id.org/referentiel/scheme/source-column#>

DELETE DATA {
    <X/competency/C1/excerpt/1> ref:sourceColumn column:competencies .
} ;
INSERT DATA {
    <X/competency/C1/excerpt/1> ref:sourceColumn "https://w3id.org/referentiel/scheme/source-column#activities" .
}
