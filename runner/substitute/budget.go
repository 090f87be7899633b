package substitute

import (
	"context"

	"github.com/stepdeck/stepdeck/model"
)

// Limits of all that is worked out with one Budget. Values that repeat one another grow by powers, so that a short
// project could fill the memory with texts of which each is within MaxText.
const (
	MaxTotal       = 256 << 20 // bytes of text
	MaxExpressions = 1_000_000
)

const (
	codeTotal = "substitute.total"
	codeMany  = "substitute.many"
)

// Budget is what may still be worked out, for one plan or whatever else belongs together.
type Budget struct{ bytes, expressions int64 }

// NewBudget gives a whole budget.
func NewBudget() *Budget { return &Budget{bytes: MaxTotal, expressions: MaxExpressions} }

// Spent is how much text was made and how many expressions were worked out.
func (b *Budget) Spent() (bytes, expressions int64) {
	return MaxTotal - b.bytes, MaxExpressions - b.expressions
}

// write spends bytes of text.
func (b *Budget) write(n int, at place) error {
	if b.bytes -= int64(n); b.bytes < 0 {
		return model.NewError(codeTotal, "The expressions make more than %d MiB of text together; that was reached at the expression on line %d. Look at the values they lead to: they repeat one another.", MaxTotal>>20, at.line)
	}
	return nil
}

// work spends expressions, and ends with ctx.
func (b *Budget) work(ctx context.Context, n int, at place) error {
	if b.expressions -= int64(n); b.expressions < 0 {
		return model.NewError(codeMany, "There are more than %d expressions to work out together; that was reached at the expression on line %d. Look at the values they lead to: they repeat one another.", MaxExpressions, at.line)
	}
	return ctx.Err()
}

// Exhausted reports whether err is the end of a Budget, after which nothing more can be worked out with it.
func Exhausted(err error) bool {
	code := model.ErrorCode(err)
	return code == codeTotal || code == codeMany
}
