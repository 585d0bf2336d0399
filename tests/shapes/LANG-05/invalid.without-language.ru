BASE <https://w3id.org/referentiel/id/certification/>
PREFIX dct: <http://purl.org/dc/terms/>

INSERT DATA {
    <X> dct:description "Une description." .
}
