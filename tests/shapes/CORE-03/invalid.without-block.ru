BASE <https://w3id.org/referentiel/id/certification/>
PREFIX ref: <https://w3id.org/referentiel/ns#>

DELETE { ?element ?property ?value . ?other ?link ?element }
WHERE {
    ?element ref:blockOf|ref:inFramework|ref:evidenceOf|ref:excerptOf ?whole ; ?property ?value .
    ?other ?link ?element .
}
