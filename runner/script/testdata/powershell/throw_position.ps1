function f {
  throw 'bad'
}
try { f } catch { $_.ScriptStackTrace; $_.InvocationInfo.PositionMessage }
