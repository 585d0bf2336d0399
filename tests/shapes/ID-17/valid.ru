BASE <https://w3id.org/referentiel/id/certification/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA {
    <X/competency/C2/criterion/CE2> skos:prefLabel "Critère CE2"@fr .
} ;
INSERT DATA {
    <X/competency/C2/criterion/CE2> skos:prefLabel "\u00A0É\n"@fr .
}
