BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX column: <https://w3id.org/referentiel/scheme/source-column#>

INSERT DATA {
    <X/competency/C1/excerpt/1> ref:sourceColumn column:activities .
}
