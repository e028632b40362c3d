-- The states of Oyster's enrollments as we saw them from night to night: the service gives no dates.
CREATE TABLE enrollment_state (
    engagement_id TEXT NOT NULL,
    enrollment_id TEXT NOT NULL,
    since         TEXT NOT NULL, -- first day on which it was seen in this state
    state         TEXT NOT NULL, -- as the service wrote it, trimmed
    witnessed     INTEGER NOT NULL, -- 1: we saw what was before; 0: the state may be older than `since`
    PRIMARY KEY (engagement_id, enrollment_id, since)
) STRICT, WITHOUT ROWID;

-- Engagements that were read in full, with or without enrollments: what turns up later in one of them is new.
CREATE TABLE engagement_seen (
    engagement_id TEXT PRIMARY KEY,
    first_seen    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
