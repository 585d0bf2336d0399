BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/framework/competency-2> a ref:CompetencyFramework ;
        a skos:ConceptScheme .
    <X> ref:hasFramework <X/framework/competency-2> .
    <X/framework/competency-2> ref:frameworkOf <X> .
}
