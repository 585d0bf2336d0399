# also: LINK-15
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/block/1/activity/A1> ref:requires <X/missing> .
    <X/missing> ref:requiredBy <X/block/1/activity/A1> .
}
