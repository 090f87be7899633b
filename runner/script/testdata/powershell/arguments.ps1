# parameters: one 'two words' 3
$args.Count; $args
