BASE <https://w3id.org/referentiel/id/certification/>
PREFIX dct: <http://purl.org/dc/terms/>

DELETE DATA {
    <X/competency/C1/excerpt/1> dct:source <X/source> .
} ;
INSERT DATA {
    <X/competency/C1/excerpt/1> dct:source <X/missing> .
}
