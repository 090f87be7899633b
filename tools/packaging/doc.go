// Package packaging tests the sources of the installers: what must agree in several files, and what none of their own
// tools checks here.
package packaging
