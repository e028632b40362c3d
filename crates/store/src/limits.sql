-- The calls that still count against the limits of the services, of all jobs and processes that share this file. Nothing
-- here outlives its window, and losing it costs no more than a refused call. Times are microseconds since 1970.

-- One credential at one service, by a hash of both.
CREATE TABLE credential (
    key          TEXT PRIMARY KEY,
    longest_us   INTEGER NOT NULL, -- the longest window that any job states
    paused_until INTEGER NOT NULL, -- nobody calls before
    used_us      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE call (
    id          INTEGER PRIMARY KEY,
    credential  TEXT NOT NULL REFERENCES credential (key) ON DELETE CASCADE,
    owner       INTEGER NOT NULL, -- who sent it, to tell one's own share
    lease_until INTEGER NOT NULL, -- a call without an answer counts as answered then: its process may be gone
    answered_us INTEGER           -- NULL: in flight
) STRICT;
CREATE INDEX call_of_credential ON call (credential, answered_us);
