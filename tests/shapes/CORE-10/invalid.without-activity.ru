# also: CORE-11
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE DATA {
    <X/block/2/activity/A1> ref:requires <X/competency/C2> .
    <X/competency/C2> ref:requiredBy <X/block/2/activity/A1> .
} ;
DELETE WHERE { <X/competency/C2/evidence/requires-2-A1> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/competency/C2/evidence/requires-2-A1> }
