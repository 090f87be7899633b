package console

// For fuzz tests.
var (
	ParsePasted  = parsePasted
	ParseIDToken = parseIDToken
	Proof        = proof
	NewProofKey  = newProofKey
)
