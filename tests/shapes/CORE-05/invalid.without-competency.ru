# also: CORE-11
BASE <https://w3id.org/referentiel/id/certification/>

DELETE WHERE { <X/competency/C2> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/competency/C2> } ;
DELETE WHERE { <X/competency/C2/criterion/CE2> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/competency/C2/criterion/CE2> } ;
DELETE WHERE { <X/competency/C2/evidence/requires-2-A1> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/competency/C2/evidence/requires-2-A1> } ;
DELETE WHERE { <X/competency/C2/evidence/assessedBy-1> ?property ?value } ;
DELETE WHERE { ?subject ?property <X/competency/C2/evidence/assessedBy-1> }
