package command_test

import "testing"

func TestAParameterBesideParametersAsText(t *testing.T) {
	d := newDesk(t)
	d.project("stepdeck: 1\nproject: P\nsteps:\n  - name: S\n    aws: {account: none}\n" +
		"    script: {language: powershell, parameters: '-Days 3', body: 'param([int]$Days) $Days'}\n")
	d.run("run", "P", "--param", "Days=7").wants(2).says(`"S" gives its parameters as text`, "--param")
}
