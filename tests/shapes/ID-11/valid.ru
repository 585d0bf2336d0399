BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/block/2/activity/A1/task/T1> a ref:Task ;
        skos:notation "T1" ;
        skos:prefLabel "Tâche T1"@fr .
    <X/framework/activity> ref:hasElement <X/block/2/activity/A1/task/T1> .
    <X/block/2/activity/A1/task/T1> ref:inFramework <X/framework/activity> .
    <X/block/2/activity/A1> ref:hasTask <X/block/2/activity/A1/task/T1> .
    <X/block/2/activity/A1/task/T1> ref:taskOf <X/block/2/activity/A1> .
}
