package process

// trusted can't judge a folder on Windows by a few bits: its access list decides. Program Files and a person's own folders, where
// the setup puts the programs, admit nobody else.
func trusted(...string) bool { return true }
