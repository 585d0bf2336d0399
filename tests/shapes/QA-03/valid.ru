BASE <https://w3id.org/referentiel/id/certification/>
PREFIX dct: <http://purl.org/dc/terms/>

INSERT DATA {
    <X/assessment/1> dct:description "The candidate treats a case."@en .
}
