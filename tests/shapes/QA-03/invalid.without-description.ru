BASE <https://w3id.org/referentiel/id/certification/>
PREFIX dct: <http://purl.org/dc/terms/>

DELETE DATA {
    <X/assessment/1> dct:description "Le candidat traite un cas."@fr .
}
