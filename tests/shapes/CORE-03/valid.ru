BASE <https://w3id.org/referentiel/id/certification/>

DELETE WHERE { <X/block/2> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/block/2> }
