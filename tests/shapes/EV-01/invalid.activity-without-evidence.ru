BASE <https://w3id.org/referentiel/id/certification/>

DELETE WHERE { <X/competency/C1/evidence/requires-1-A1> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/competency/C1/evidence/requires-1-A1> }
