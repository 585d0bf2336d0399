BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/competency/C2/criterion/CE2> ref:inFramework <X/framework/assessment> .
    <X/framework/assessment> ref:hasElement <X/competency/C2/criterion/CE2> .
} ;
INSERT DATA {
    <X/competency/C2/criterion/CE2> ref:inFramework <X/framework/competency> .
    <X/framework/competency> ref:hasElement <X/competency/C2/criterion/CE2> .
}
