# also: CORE-19 SKOS-05
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <Y/framework/competency> a ref:CompetencyFramework ;
        ref:hasElement <X/competency/C1> .
    <X/competency/C1> ref:inFramework <Y/framework/competency> .
}
