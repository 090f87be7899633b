package substitute

import (
	"context"
	"time"

	"github.com/stepdeck/stepdeck/model"
)

// Limits of everything that is expanded with one Budget. Values that contain each other repeatedly grow exponentially,
// so a short project could fill the memory with texts each of which is within MaxText.
const (
	MaxTotal       = 256 << 20 // bytes of text
	MaxExpressions = 1_000_000
)

const (
	codeTotal = "substitute.total"
	codeMany  = "substitute.many"
)

// Budget is the work that is left for one plan or another set of texts.
type Budget struct {
	Now                time.Time // for filters such as NowDate; zero: when a text is expanded
	bytes, expressions int64
}

// NewBudget returns a full budget.
func NewBudget() *Budget { return &Budget{bytes: MaxTotal, expressions: MaxExpressions} }

// Spent returns how much text was produced and how many expressions were evaluated.
func (b *Budget) Spent() (bytes, expressions int64) {
	return MaxTotal - b.bytes, MaxExpressions - b.expressions
}

// write spends n bytes of text.
func (b *Budget) write(n int, at position) error {
	if b.bytes -= int64(n); b.bytes < 0 {
		return model.NewError(codeTotal,
			"The expressions produce more than %d MiB of text in total; the limit was reached on line %d. Check the values that they use: they "+
				"repeat each other.", MaxTotal>>20, at.line)
	}
	return nil
}

// work spends n expressions; it also returns ctx's error.
func (b *Budget) work(ctx context.Context, n int, at position) error {
	if b.expressions -= int64(n); b.expressions < 0 {
		return tooMany(at)
	}
	return ctx.Err()
}

func tooMany(at position) error {
	return model.NewError(codeMany,
		"There are more than %d expressions in total; the limit was reached on line %d. Check the values that they use: they repeat each other.",
		MaxExpressions, at.line)
}

// Exhausted reports whether err means that a Budget is used up.
func Exhausted(err error) bool {
	code := model.ErrorCode(err)
	return code == codeTotal || code == codeMany
}
