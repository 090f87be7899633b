// Package feedback reports states: banners, placeholders for content that is loading, missing or failed, and the undo bar.
package feedback
