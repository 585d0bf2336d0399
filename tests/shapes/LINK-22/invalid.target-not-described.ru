# also: SRC-09
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/block/1/activity/A1/task/T2> ref:taskOf <X/block/1/activity/A1> .
    <X/block/1/activity/A1> ref:hasTask <X/block/1/activity/A1/task/T2> .
} ;
INSERT DATA {
    <X/block/1/activity/A1/task/T2> ref:taskOf <X/missing> .
    <X/missing> ref:hasTask <X/block/1/activity/A1/task/T2> .
}
