BASE <https://w3id.org/referentiel/id/certification/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA {
    <X> skos:prefLabel "Certification d'exemple"@fr .
} ;
INSERT DATA {
    <X> skos:prefLabel "\u00A0"@fr .
}
