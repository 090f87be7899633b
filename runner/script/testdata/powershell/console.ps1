[Console]::WriteLine('a'); [Console]::Out.Write('b'); [Console]::Out.WriteLine(); [Console]::Error.WriteLine('e')
