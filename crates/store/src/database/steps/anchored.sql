-- That the end of the audit chain was once noted outside. From then on a state without any such note was put back, or
-- lost its notes; one of an earlier version never had any.
CREATE TABLE anchored (
    only INTEGER PRIMARY KEY CHECK (only = 1)
) STRICT;
CREATE TRIGGER anchored_is_kept BEFORE DELETE ON anchored
BEGIN SELECT RAISE(ABORT, 'what was anchored stays so'); END;
