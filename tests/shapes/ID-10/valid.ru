BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

INSERT DATA {
    <X/block/1/activity/A1/task/T3> a ref:Task ;
        skos:notation "T3" ;
        skos:prefLabel "Tâche T3"@fr .
    <X/framework/activity> ref:hasElement <X/block/1/activity/A1/task/T3> .
    <X/block/1/activity/A1/task/T3> ref:inFramework <X/framework/activity> .
    <X/block/1/activity/A1> ref:hasTask <X/block/1/activity/A1/task/T3> .
    <X/block/1/activity/A1/task/T3> ref:taskOf <X/block/1/activity/A1> .
} ;
INSERT DATA {
    <X/competency/C1/criterion/A1> a ref:AssessmentCriterion, skos:Concept ;
        skos:notation "A1" ;
        skos:prefLabel "Critère A1"@fr ;
        ref:inFramework <X/framework/assessment> ;
        ref:criterionOf <X/competency/C1> .
    <X/framework/assessment> ref:hasElement <X/competency/C1/criterion/A1> .
    <X/competency/C1> ref:hasCriterion <X/competency/C1/criterion/A1> .
    <X/block/1/activity/A1> a skos:Concept .
}
