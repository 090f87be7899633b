# merged
for i in 1 2 3; do
  bash -c "echo child $i; echo child error $i >&2"
  echo "parent $i"
done
