-- The reports that were written, by the hash of their run.json, which names the hashes of all their files; and who signed
-- which of them.

CREATE TABLE report (
    sha256     TEXT PRIMARY KEY, -- of run.json, hex
    as_of      TEXT NOT NULL,
    run_id     TEXT NOT NULL,
    exit_code  INTEGER NOT NULL,
    written_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sign_off (
    as_of       TEXT PRIMARY KEY, -- a day is signed once
    report      TEXT NOT NULL REFERENCES report (sha256),
    sha256      TEXT NOT NULL, -- of sign_off.json, hex
    by          TEXT NOT NULL CHECK (trim(by) <> ''),
    at          TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sign_off_is_kept BEFORE DELETE ON sign_off
BEGIN SELECT RAISE(ABORT, 'a signature is never deleted'); END;
CREATE TRIGGER sign_off_stays BEFORE UPDATE ON sign_off
BEGIN SELECT RAISE(ABORT, 'a signature never changes'); END;
