# also: CORE-21 SKOS-04
BASE <https://w3id.org/referentiel/id/certification/>

DELETE WHERE { <X/framework/competency> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/framework/competency> }
