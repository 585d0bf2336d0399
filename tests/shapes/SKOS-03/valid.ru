BASE <https://w3id.org/referentiel/id/certification/>

INSERT DATA {
    <X/competency/C1> a <http://data.europa.eu/esco/model#Skill> .
}
