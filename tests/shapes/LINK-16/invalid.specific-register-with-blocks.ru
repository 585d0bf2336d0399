# also: CORE-06
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X> ref:registerNumber "RNCP1" .
    <X/block/2> ref:hasAssessment <X/assessment/1> .
    <X/assessment/1> ref:assessmentOf <X/block/2> .
} ;
INSERT DATA {
    <X> ref:registerNumber "RS6500" .
}
