package document_test

import (
	"fmt"

	"github.com/stepdeck/stepdeck/model/document"
)

func ExampleParse() {
	file, err := document.Parse("website.stepdeck", []byte(`stepdeck: 1
project: Website
steps:
  - name: Invalidate
    aws: {account: none, region: eu-west-1}
    script: {language: bash, body: aws cloudfront list-distributions}
`))
	fmt.Println(file.Project.Name, file.Project.Steps[0].AWS.Region, err)

	_, err = document.Parse("typo.stepdeck", []byte("stepdeck: 1\nproject: Website\nstepps: []\n"))
	fmt.Println(err)
	// Output:
	// Website eu-west-1 <nil>
	// typo.stepdeck:3:1: "stepps" is not a key of the file. Did you mean "steps"?
}
