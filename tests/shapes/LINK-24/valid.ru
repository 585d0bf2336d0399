BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/block/1/activity/A2> a ref:Activity ;
        skos:notation "A2" ;
        skos:prefLabel "Activité A2"@fr .
    <X/framework/activity> ref:hasElement <X/block/1/activity/A2> .
    <X/block/1/activity/A2> ref:inFramework <X/framework/activity> .
    <X/block/1> ref:hasActivity <X/block/1/activity/A2> .
    <X/block/1/activity/A2> ref:activityOf <X/block/1> ;
        ref:requires <X/competency/C1> .
    <X/competency/C1> ref:requiredBy <X/block/1/activity/A2> .
}
