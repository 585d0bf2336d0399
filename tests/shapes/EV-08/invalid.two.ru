# also: EV-09 EV-10
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT DATA {
    <X/competency/C1/evidence/requires-1-A1> rdf:object <X/competency/C2> .
}
