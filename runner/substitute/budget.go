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

// parts is how many full parts a budget of several has.
const parts = 2

const (
	codeTotal = "substitute.total"
	codeMany  = "substitute.many"
)

// Budget is the work that is left for one step or another set of texts.
type Budget struct {
	Now                time.Time // for filters such as NowDate; zero: when a text is expanded
	bytes, expressions int64
	times              int64   // how many times the limits it began with
	whole              *Budget // what it is a part of; nil: nothing
}

// NewBudget returns a full budget.
func NewBudget() *Budget { return newBudget(1) }

// NewWhole returns a budget whose parts each have the limits of a full budget, and all of them together twice as much.
func NewWhole() *Budget { return newBudget(parts) }

func newBudget(times int64) *Budget {
	return &Budget{bytes: times * MaxTotal, expressions: times * MaxExpressions, times: times}
}

// Part returns a full budget, whose work counts as the whole's, too.
func (b *Budget) Part() *Budget {
	part := NewBudget()
	part.Now, part.whole = b.Now, b
	return part
}

// Spent returns how much text was produced and how many expressions were evaluated.
func (b *Budget) Spent() (bytes, expressions int64) {
	return b.times*MaxTotal - b.bytes, b.times*MaxExpressions - b.expressions
}

// write spends n bytes of text.
func (b *Budget) write(n int, at position) error {
	if b.bytes -= int64(n); b.bytes < 0 {
		return model.NewError(codeTotal,
			"The expressions%s produce more than %d MiB of text in total; the limit was reached on line %d. Check the values that they use: they "+
				"repeat each other.", b.of(), b.times*MaxTotal>>20, at.line)
	}
	if b.whole != nil {
		return b.whole.write(n, at)
	}
	return nil
}

// work spends n expressions; it also returns ctx's error.
func (b *Budget) work(ctx context.Context, n int, at position) error {
	if b.expressions -= int64(n); b.expressions < 0 {
		return b.tooMany(at)
	}
	if b.whole != nil {
		return b.whole.work(ctx, n, at)
	}
	return ctx.Err()
}

func (b *Budget) tooMany(at position) error {
	return model.NewError(codeMany,
		"There are more than %d expressions%s in total; the limit was reached on line %d. Check the values that they use: they repeat "+
			"each other.",
		b.times*MaxExpressions, b.of(), at.line)
}

// of says whose the expressions are.
func (b *Budget) of() string {
	if b.times > 1 {
		return " of all steps"
	}
	return ""
}

// Exhausted reports whether err means that a Budget is used up.
func Exhausted(err error) bool {
	code := model.ErrorCode(err)
	return code == codeTotal || code == codeMany
}
