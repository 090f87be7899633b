bash -c 'echo out; echo err >&2'; $LASTEXITCODE; $?
