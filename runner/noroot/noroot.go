// Package noroot lets tests of permissions run as root too, whom permissions don't bind.
package noroot
