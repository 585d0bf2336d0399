BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y/framework/assessment> a ref:AssessmentFramework ;
        ref:frameworkOf <Y> .
}
