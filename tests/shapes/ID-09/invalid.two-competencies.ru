# also: CORE-01 CORE-02 CORE-10 CORE-17 ID-12 SKOS-03 SKOS-04
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/other/C2> a ref:Competency ;
        skos:notation "C2" .
    <X/framework/competency> ref:hasElement <X/other/C2> .
    <X/other/C2> ref:inFramework <X/framework/competency> .
}
