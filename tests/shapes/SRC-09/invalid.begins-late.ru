BASE <https://w3id.org/referentiel/id/certification/>

DELETE WHERE { <X/block/1/activity/A1/task/T1> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/block/1/activity/A1/task/T1> }
