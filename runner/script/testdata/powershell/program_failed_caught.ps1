bash -c 'exit 3'; if ($LASTEXITCODE -ne 0) { "failed $LASTEXITCODE" }; bash -c 'exit 0'
