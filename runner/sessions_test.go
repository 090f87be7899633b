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
	var told *model.Error
	if err := s.complete(TellWaiting(t.Context(), func(notice *model.Error) { told = notice }), &req); err != nil {
		t.Fatal(err)
	}
	said = nil
	req.Waiting(model.NewError("aws.waiting", "There is no answer."))
	if model.ErrorCode(told) != "aws.waiting" || said != nil {
		t.Errorf("told %v, said %v: whoever asked is told, and nobody else", told, said)
	}
}
