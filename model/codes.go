package model

// Codes of errors that callers act on, whichever package makes them.
const (
	CodeAccountTaken         = "account.taken"   // another account has the name
	CodeAccountUnknown       = "account.unknown" // no account has the name
	CodeAWSLabelTaken        = "awsaccount.label.taken"
	CodeEngineCommand        = "engine.command"           // one command that an engine reads is invalid; others may follow
	CodeInvalid              = "invalid"                  // of [Problems]
	CodeLogDamaged           = "log.damaged"              // part of a log can't be read
	CodeMFANeeded            = "aws.mfa.needed"           // there is nobody to ask for the code of an MFA device
	CodePackageConflict      = "package.other"            // the library has this version with other contents
	CodePackageName          = "archive.filename"         // a file name contains no package id
	CodePassphraseMissing    = "vault.passphrase.missing" // there is nobody to ask for the passphrase of the vault
	CodeProjectTaken         = "project.taken"
	CodeProjectUnknown       = "project.unknown"
	CodeProjectUnsavable     = "project.unsavable" // some of its problems keep it from being saved
	CodeRunOver              = "run.over"          // the run has ended
	CodeRunUnknown           = "run.unknown"
	CodeSecretMissing        = "secret.missing"         // neither the vault nor the person has the secret
	CodeSignInNeeded         = "signin.needed"          // nobody has signed in on this computer
	CodeSignInEnded          = "signin.ended"           // a person must sign in again
	CodeStoreFailed          = "store.failed"           // the database failed for a reason without advice of its own
	CodeVariableAccountEmpty = "variable.account.empty" // an account variable names no account yet
)

// Codes of fields that are not filled in yet; see [Problem.Incomplete].
const (
	codeAccessKeyEmpty     = "account.accesskey.empty"
	codeExpressionEmpty    = "options.expression.empty"
	codeRoleARNEmpty       = "role.arn.empty"
	codeScriptBodyEmpty    = "script.body.empty"
	codeScriptFileEmpty    = "script.file.empty"
	codeScriptFolderEmpty  = "script.folder.empty"
	codeScriptPackageEmpty = "script.package.empty"
	codeStepAccountEmpty   = "step.account.empty"
	codeStepRegionEmpty    = "step.region.empty"
)

// Codes of what can't be saved; see [Problem.Unsavable].
const (
	codeNameEmpty            = "name.empty"
	codeNameEncoding         = "name.encoding"
	codeNameLong             = "name.long"
	codeNameControl          = "name.control"
	codeNameReserved         = "name.reserved"
	codeVariableNameEmpty    = "variable.name.empty"
	codeVariableNameLong     = "variable.name.long"
	codeVariableNameForm     = "variable.name.form"
	codeEnvironmentTwice     = "environment.twice"
	codeEnvNameEmpty         = "envvar.name.empty"
	codeEnvNameForm          = "envvar.name.form"
	codeEnvReserved          = "envvar.name.reserved"
	codeEnvTwice             = "envvar.twice"
	codeSensitivePlain       = "variable.sensitive.plain"
	codeStepNameTwice        = "step.name.twice"
	codeValueScope           = "value.scope"
	codeValueTwice           = "value.twice"
	codeVariableScopeTwice   = "variable.scope.twice"
	codeVariableScopeUnknown = "variable.scope.unknown"
	codeVariableTwice        = "variable.twice"
)
