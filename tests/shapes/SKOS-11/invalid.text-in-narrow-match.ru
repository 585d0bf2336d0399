BASE <https://w3id.org/referentiel/id/certification/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/competency/C1> skos:narrowMatch "http://data.europa.eu/esco/skill/1" .
}
