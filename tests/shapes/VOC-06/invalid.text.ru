BASE <https://w3id.org/referentiel/id/certification/>
PREFIX esco: <http://data.europa.eu/esco/model#>

INSERT DATA {
    <X/competency/C1> esco:skillType "http://data.europa.eu/esco/skill-type/skill" .
}
