BASE <https://w3id.org/referentiel/id/certification/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/competency/C3> a skos:Concept ;
        skos:prefLabel "Compétence C3"@fr .
    <http://data.europa.eu/esco/skill/1> skos:prefLabel "travailler en équipe"@fr .
}
