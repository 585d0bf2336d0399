BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/block/1/activity/A1/task/T1> ref:sourceNotation "T1" .
} ;
INSERT DATA {
    <X/block/1/activity/A1/task/T1> ref:sourceNotation "T 1" .
}
