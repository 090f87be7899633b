package joblog_test

import (
	"fmt"
	"time"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/joblog"
)

// A secret is masked although it arrives in two pieces, and a service message does not appear among the lines.
func ExampleLog() {
	masker := joblog.NewMasker()
	masker.Add("correct-horse")
	log := joblog.New(joblog.Options{
		Masker: masker,
		Emit:   func(b model.LogBatch) { fmt.Print(string(b.Bytes)) },
		OnMessage: func(_ model.Stream, m joblog.Message) {
			name, _ := m.Value("name")
			value, _ := m.Value("value")
			fmt.Println("output", name, "=", value)
		},
		FlushEvery: time.Hour,
	})
	log.Write(model.StreamStdout, []byte("password: correct-"), time.Now())
	log.Write(model.StreamStdout, []byte("horse\n##octopus[setVariable name='QQ==' value='NDI=']\n"), time.Now())
	fmt.Println("masked:", log.Close().Masked)
	// Output:
	// output A = 42
	// password: ********
	// masked: 1
}
