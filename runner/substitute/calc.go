package substitute

import (
	"math"
	"strconv"
	"strings"

	"github.com/stepdeck/stepdeck/runner/substitute/filters"
)

// sum is a calculation: a number, a name, or two of them with an operator.
type sum struct {
	number      float64
	name        *name
	operator    byte
	left, right *sum
	grouped     bool // it has parentheses around it
}

// calculation parses a calculation with the } after it. A name may hold - and /, so these need a number or {Name} before them.
func (p *parser) calculation() (s *sum, ok bool) {
	p.at += len("calc")
	q := *p
	q.end = min(p.end, p.at+maxFilters)
	s, ok = q.terms()
	if q.skipSpace(); !ok || !q.take("}") {
		return nil, false
	}
	p.at = q.at
	return s, true
}

func (p *parser) terms() (s *sum, ok bool) { return p.chain("+-", p.factors) }

func (p *parser) factors() (s *sum, ok bool) { return p.chain("*/", p.factor) }

// chain parses operands with operators of the same strength between them.
func (p *parser) chain(operators string, next func() (*sum, bool)) (s *sum, ok bool) {
	if s, ok = next(); !ok {
		return nil, false
	}
	for {
		p.skipSpace()
		operator := p.peek()
		if operator == 0 || strings.IndexByte(operators, operator) < 0 {
			return s, true
		}
		p.at++
		right, ok := next()
		if !ok {
			return nil, false
		}
		s = &sum{operator: operator, left: s, right: right}
	}
}

func (p *parser) factor() (s *sum, ok bool) {
	p.skipSpace()
	c := p.peek()
	switch {
	case c == '(' && p.parens < maxNesting:
		return p.parentheses()
	case c == '.' || c >= '0' && c <= '9':
		return p.number()
	}
	braces := p.take("{")
	p.skipSpace()
	s = &sum{}
	if s.name, ok = p.name(); !ok {
		return nil, false
	}
	if braces {
		p.skipSpace()
		return s, p.take("}")
	}
	return s, true
}

func (p *parser) parentheses() (s *sum, ok bool) {
	p.at++
	p.parens++
	s, ok = p.terms()
	p.parens--
	if p.skipSpace(); !ok || !p.take(")") {
		return nil, false
	}
	s.grouped = s.left != nil
	return s, true
}

func (p *parser) number() (s *sum, ok bool) {
	length := 0
	for p.at+length < p.end && strings.IndexByte("0123456789.", p.text[p.at+length]) >= 0 {
		length++
	}
	f, err := strconv.ParseFloat(p.text[p.at:p.at+length], 64)
	if err != nil {
		return nil, false
	}
	p.at += length
	return &sum{number: f}, true
}

// written returns the calculation as Octopus writes it.
func (s *sum) written() string {
	switch {
	case s.name != nil:
		return s.name.written(len(s.name.steps))
	case s.left == nil:
		return filters.Number(s.number)
	case s.grouped:
		return "(" + s.left.written() + string(s.operator) + s.right.written() + ")"
	}
	return s.left.written() + string(s.operator) + s.right.written()
}

// calculate returns the result; ok is false if there is none, because of the operand at fault.
func (s *sum) calculate(value func(*name) (f float64, ok bool, err error)) (f float64, fault *sum, err error) {
	switch {
	case s.name != nil:
		f, ok, err := value(s.name)
		if !ok {
			return 0, s, err
		}
		return f, nil, err
	case s.left == nil:
		return s.number, nil, nil
	}
	left, fault, err := s.left.calculate(value)
	if fault != nil || err != nil {
		return 0, fault, err
	}
	right, fault, err := s.right.calculate(value)
	if fault != nil || err != nil {
		return 0, fault, err
	}
	f = operate(s.operator, left, right)
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return 0, s, nil
	}
	return f, nil, nil
}

func operate(operator byte, left, right float64) float64 {
	switch operator {
	case '+':
		return left + right
	case '-':
		return left - right
	case '*':
		return left * right
	}
	return left / right
}
