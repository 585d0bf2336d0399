# also: CORE-05 LINK-15 LINK-16
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X> ref:registerNumber "RNCP1" .
    <X/competency/C2> ref:competencyOf <X/block/2> .
    <X/block/2> ref:hasCompetency <X/competency/C2> .
} ;
INSERT DATA {
    <X> ref:registerNumber "RS6500" .
}
