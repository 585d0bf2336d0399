# also: ID-03 ID-13
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA {
    <X> skos:notation "X" .
} ;
INSERT DATA {
    <X> skos:notation "X/1" .
}
