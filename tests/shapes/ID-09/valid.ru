BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/competency/1> a ref:Competency ;
        skos:notation "1" ;
        skos:prefLabel "Une compétence dont le code est celui d'un bloc"@fr .
    <X/framework/competency> ref:hasElement <X/competency/1> .
    <X/competency/1> ref:inFramework <X/framework/competency> .
}
