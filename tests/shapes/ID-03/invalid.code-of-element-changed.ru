BASE <https://w3id.org/referentiel/id/certification/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA {
    <X/assessment/1> skos:notation "1" .
} ;
INSERT DATA {
    <X/assessment/1> skos:notation "2" .
}
