package runner

import (
	"testing"

	"github.com/stepdeck/stepdeck/model"
	"github.com/stepdeck/stepdeck/runner/awsenv"
)

// Whoever waits is told that AWS doesn't answer.
func TestRequestsSayThatAWSDoesNotAnswer(t *testing.T) {
	var said *model.Error
	s := &sessions{runner: New(Deps{Unanswered: func(notice *model.Error) { said = notice }})}
	req := awsenv.Request{Account: model.Account{Kind: model.KindInstanceRole}}
	if err := s.complete(t.Context(), &req); err != nil {
		t.Fatal(err)
	}
	req.Waiting(model.NewError("aws.waiting", "There is no answer."))
	if model.ErrorCode(said) != "aws.waiting" {
		t.Errorf("said %v", said)
	}
}
