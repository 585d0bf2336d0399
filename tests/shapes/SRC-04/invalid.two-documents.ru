BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX dct: <http://purl.org/dc/terms/>

INSERT DATA {
    <X/competency/C1/excerpt/1> dct:source <X/source/2> .
    <X/source/2> a ref:SourceDocument .
}
