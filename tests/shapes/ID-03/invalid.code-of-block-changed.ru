BASE <https://w3id.org/referentiel/id/certification/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA {
    <X/block/2> skos:notation "2" .
} ;
INSERT DATA {
    <X/block/2> skos:notation "3" .
}
