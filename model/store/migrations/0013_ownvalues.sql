-- Whether a value was one of the step's own. NULL: recorded when an answer was still given to all steps, whosever value it was, so it
-- is never offered again.
ALTER TABLE step_inputs ADD COLUMN own INTEGER CHECK (own IN (0, 1));
