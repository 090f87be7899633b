// Package script knows the script languages: which program runs one and where it is found, its command line, and the
// bootstrap file that passes variables to a script.
//
// Values are never passed by command line or environment. They are in a file of their own (0600, in a folder 0700) that
// the bootstrap disposes of before the script's first line: PowerShell deletes it; Bash, which would have to start a
// program for that, empties it, and the file goes with Command.Files.
package script
