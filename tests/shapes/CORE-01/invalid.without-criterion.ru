BASE <https://w3id.org/referentiel/id/certification/>

DELETE WHERE { <X/competency/C2/criterion/CE2> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/competency/C2/criterion/CE2> }
