// Package packaging holds tests of the files that installers are made of: what has to agree in several of them, and what
// none of their own tools looks at here.
package packaging
