# also: EV-01
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

DELETE DATA {
    <X/competency/C1/evidence/requires-1-A1> rdf:predicate ref:requires .
}
