# also: CORE-22
BASE <https://w3id.org/referentiel/id/certification/>

DELETE WHERE { <X/framework/assessment> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/framework/assessment> }
