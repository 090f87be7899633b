function f { param([Parameter(ValueFromPipeline)]$i) begin { 'b' } process { $i * 2 } end { 'e' } }; 1..3 | f; filter odd { if ($_ % 2) { $_ } }; 1..4 | odd
