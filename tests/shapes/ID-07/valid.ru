BASE <https://w3id.org/referentiel/id/certification/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA {
    <X/block/1/activity/A1/task/T2> skos:notation "T2" .
} ;
INSERT DATA {
    <X/block/1/activity/A1/task/T2> skos:notation "T2.1" .
}
