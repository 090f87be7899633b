// Package model is what Stepdeck knows: accounts, AWS accounts, environments, projects with their variables and steps,
// packages, runs, and the rules that make each one valid. It is pure: no file, no network, no clock, no window.
//
// Names refer to names here: a variable says which account by the account's name, a scope names environments. The store
// keeps ids and gives names back, so a renamed account is renamed everywhere.
package model
