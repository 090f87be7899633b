cat > lib.sh <<'END'
(return 0 2>/dev/null) && echo sourced || echo run
echo "${BASH_SOURCE[@]} ${FUNCNAME[@]}"
return 3
END
. ./lib.sh; echo $?
bash ./lib.sh; echo $?
