BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/competency/C3> a ref:Competency ;
        skos:notation "C3" ;
        skos:prefLabel "Compétence C3"@fr .
    <X/framework/competency> ref:hasElement <X/competency/C3> .
    <X/competency/C3> ref:inFramework <X/framework/competency> .
    <X/block/1> ref:hasCompetency <X/competency/C3> .
    <X/competency/C3> ref:competencyOf <X/block/1> .
}
