# also: CORE-10
BASE <https://w3id.org/referentiel/id/certification/>

DELETE WHERE { <X/block/2/activity/A1> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/block/2/activity/A1> } ;
DELETE WHERE { <X/competency/C2/evidence/requires-2-A1> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/competency/C2/evidence/requires-2-A1> }
