# also: ID-05 SRC-07
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

DELETE DATA {
    <X/competency/C1/criterion/CE1.2> skos:notation "CE1.2" .
} ;
INSERT DATA {
    <X/competency/C1/criterion/CE1.2> skos:notation "2" .
}
