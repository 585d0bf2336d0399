# also: EV-01 LINK-16
BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

INSERT DATA {
    <X/competency/C1> ref:assessedBy <X/missing> .
    <X/missing> ref:assesses <X/competency/C1> .
}
