BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/framework/assessment-2> a ref:AssessmentFramework .
    <X> ref:hasFramework <X/framework/assessment-2> .
    <X/framework/assessment-2> ref:frameworkOf <X> .
}
