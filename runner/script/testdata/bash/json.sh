printf '{"Name": "web", "Tags": ["a", "b"]}' > j.json; grep -o '"Name": "[^"]*"' j.json; tr -d '{}' < j.json; echo
