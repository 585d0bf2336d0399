# also: CORE-20
BASE <https://w3id.org/referentiel/id/certification/>

DELETE WHERE { <X/framework/activity> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/framework/activity> }
