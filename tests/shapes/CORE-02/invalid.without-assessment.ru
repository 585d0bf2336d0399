BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/competency/C2> ref:assessedBy <X/assessment/1> .
    <X/assessment/1> ref:assesses <X/competency/C2> .
} ;
DELETE WHERE { <X/competency/C2/evidence/assessedBy-1> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/competency/C2/evidence/assessedBy-1> }
