BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/assessment/1> ref:inFramework <X/framework/assessment> .
    <X/framework/assessment> ref:hasElement <X/assessment/1> .
} ;
INSERT DATA {
    <X/assessment/1> ref:inFramework <X/framework/competency> .
    <X/framework/competency> ref:hasElement <X/assessment/1> .
}
