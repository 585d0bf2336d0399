# also: CORE-19
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y/framework/assessment> a ref:AssessmentFramework ;
        ref:hasElement <X/competency/C2/criterion/CE2> .
    <X/competency/C2/criterion/CE2> ref:inFramework <Y/framework/assessment> .
}
