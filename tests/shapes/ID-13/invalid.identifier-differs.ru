BASE <https://w3id.org/referentiel/id/certification/>
PREFIX dct: <http://purl.org/dc/terms/>

DELETE DATA {
    <X> dct:identifier "X" .
} ;
INSERT DATA {
    <X> dct:identifier "Z" .
}
