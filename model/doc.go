// Package model is Stepdeck's domain: accounts, AWS accounts, environments, projects with their variables and steps,
// packages, runs, and the rules that make each of them valid. It is pure: no files, network, clock or windows.
//
// Things refer to each other by name: a variable holds the name of an account, a scope the names of environments. The
// store keeps ids and returns names, so a renamed account is renamed everywhere.
package model
