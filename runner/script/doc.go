// Package script knows the languages of scripts: which program runs one, where it is found, its command line, and the
// bootstrap file that gives a script its variables.
//
// Values never go by a command line or the environment. They lie in a file of their own (0600, in a folder 0700) that the
// bootstrap takes away before the script's first line: PowerShell deletes it; Bash, which would have to start a program
// for that, empties it, and the name goes with Command.Files.
package script
