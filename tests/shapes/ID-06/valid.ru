BASE <https://w3id.org/referentiel/id/certification/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA {
    <X/block/2/activity/A1> skos:notation "A1" .
} ;
INSERT DATA {
    <X/block/2/activity/A1> skos:notation "A1.2" .
}
