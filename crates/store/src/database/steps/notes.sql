-- What people say of a finding, and who is to see to it until when. Notes are only ever added.
CREATE TABLE note (
    id         INTEGER PRIMARY KEY,
    finding_id TEXT NOT NULL,
    text       TEXT NOT NULL CHECK (trim(text) <> ''),
    assignee   TEXT, -- NULL: as before
    due        TEXT, -- NULL: as before
    by         TEXT NOT NULL CHECK (trim(by) <> ''),
    at         TEXT NOT NULL
) STRICT;
CREATE INDEX note_by_finding ON note (finding_id, id);

CREATE TRIGGER note_is_kept BEFORE DELETE ON note
BEGIN SELECT RAISE(ABORT, 'notes are never deleted'); END;
CREATE TRIGGER note_stays BEFORE UPDATE ON note
BEGIN SELECT RAISE(ABORT, 'a note never changes'); END;
