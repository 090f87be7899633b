// Package feedback tells how things are: banners, what stands in place of content that is loading, missing or failed, and the bar that offers to undo.
package feedback
