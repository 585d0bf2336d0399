BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X> ref:hasFramework <X/missing> .
    <X/missing> ref:frameworkOf <X> .
}
