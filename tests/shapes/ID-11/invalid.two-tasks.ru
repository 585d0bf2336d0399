BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/other/T2> a ref:Task ;
        skos:notation "T2" ;
        skos:prefLabel "Tâche T3"@fr .
    <X/framework/activity> ref:hasElement <X/other/T2> .
    <X/other/T2> ref:inFramework <X/framework/activity> .
    <X/block/1/activity/A1> ref:hasTask <X/other/T2> .
    <X/other/T2> ref:taskOf <X/block/1/activity/A1> .
}
