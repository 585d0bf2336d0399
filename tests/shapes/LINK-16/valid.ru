BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE WHERE { <X/block/1> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/block/1> } ;
DELETE WHERE { <X/block/2> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/block/2> } ;
DELETE WHERE { <X/block/1/activity/A1> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/block/1/activity/A1> } ;
DELETE WHERE { <X/block/2/activity/A1> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/block/2/activity/A1> } ;
DELETE WHERE { <X/block/1/activity/A1/task/T1> ?property ?value } ;
DELETE WHERE { <X/block/1/activity/A1/task/T2> ?property ?value } ;
DELETE WHERE { <X/framework/activity> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/framework/activity> } ;
DELETE WHERE { <X/competency/C1/evidence/requires-1-A1> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/competency/C1/evidence/requires-1-A1> } ;
DELETE WHERE { <X/competency/C2/evidence/requires-2-A1> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/competency/C2/evidence/requires-2-A1> } ;
DELETE DATA { <X> ref:registerNumber "RNCP1" } ;
INSERT DATA { <X> ref:registerNumber "RS6500" }
