# also: CORE-04 CORE-05 CORE-06 ID-12
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/other/1> a ref:SkillBlock ;
        skos:notation "1" .
    <X> ref:hasBlock <X/other/1> .
    <X/other/1> ref:blockOf <X> .
}
