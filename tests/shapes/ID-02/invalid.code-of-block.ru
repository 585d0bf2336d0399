# also: ID-03
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA {
    <X/block/1> skos:notation "1" .
} ;
INSERT DATA {
    <X/block/1> skos:notation "bloc 1" .
}
