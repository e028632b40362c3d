-- The benefit ledger: what each pay period expected and took, by employee, benefit, payer and currency. Entries are only
-- ever added; what turns out otherwise is a further entry.

CREATE TABLE pay_period (
    id           INTEGER PRIMARY KEY,
    period_start TEXT NOT NULL, -- blank: not known
    period_end   TEXT NOT NULL,
    UNIQUE (period_end, period_start)
) STRICT;

CREATE TABLE benefit (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE -- benefit key
) STRICT;

-- What was posted at once: by a night, or by a person who writes off.
CREATE TABLE posting (
    id        INTEGER PRIMARY KEY,
    night     TEXT NOT NULL, -- the day that the run was for
    posted_at TEXT NOT NULL,
    "by"      TEXT NOT NULL,
    reason    TEXT NOT NULL  -- of a write-off; blank for a night
) STRICT;

CREATE TABLE benefit_entry (
    employee_id TEXT NOT NULL,
    posting     INTEGER NOT NULL REFERENCES posting (id),
    period      INTEGER NOT NULL REFERENCES pay_period (id),
    -- Benefits (numbers) that could not be judged, as JSON; NULL: not a new look at the period.
    unjudged    TEXT CHECK (unjudged IS NULL OR json_valid(unjudged)),
    -- JSON, an array an account: [benefit, currency, payer (0 employee, 1 employer), code or null, first day of the cover
    -- in days since 1970 or null, expected, taken, caught up, refunded, written off (counts of 1/10,000; zeros at the end
    -- are left out)].
    entries     TEXT NOT NULL CHECK (json_valid(entries)),
    PRIMARY KEY (employee_id, posting, period)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER posting_stays BEFORE UPDATE ON posting
BEGIN SELECT RAISE(ABORT, 'a posting never changes'); END;
CREATE TRIGGER posting_is_kept BEFORE DELETE ON posting
BEGIN SELECT RAISE(ABORT, 'a posting is never deleted'); END;
CREATE TRIGGER benefit_entry_stays BEFORE UPDATE ON benefit_entry
BEGIN SELECT RAISE(ABORT, 'an entry never changes'); END;
CREATE TRIGGER benefit_entry_is_kept BEFORE DELETE ON benefit_entry
BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;

-- What findings of an earlier version say is still out becomes the opening balance: exposure to date goes on.
CREATE TEMP TABLE opening AS
    SELECT f.employee_id, f.benefit, f.code, f.first_seen, p.period_end, p.currency, p.exposure,
           CASE f.field WHEN 'er_amount' THEN 1 ELSE 0 END AS payer
    FROM finding f JOIN finding_period p ON p.finding_id = f.id
    WHERE f.status = 'open' AND f.code IN ('AM01', 'AM02', 'EN01', 'EN02', 'EN05', 'TM07')
          AND f.employee_id <> '' AND p.currency <> '' AND p.exposure <> 0;
INSERT INTO pay_period (period_start, period_end) SELECT DISTINCT '', period_end FROM opening ORDER BY period_end;
INSERT INTO benefit (name) SELECT DISTINCT benefit FROM opening ORDER BY benefit;
INSERT INTO posting (id, night, posted_at, "by", reason)
    SELECT row_number() OVER (ORDER BY first_seen), first_seen, first_seen || 'T00:00:00.000000Z', 'tieout',
           'found by an earlier version'
    FROM (SELECT DISTINCT first_seen FROM opening);
INSERT INTO benefit_entry (employee_id, posting, period, unjudged, entries)
    SELECT o.employee_id, s.id, d.id, NULL,
           json_group_array(json_array(b.id, o.currency, o.payer, o.code, NULL, max(o.exposure, 0), max(-o.exposure, 0))
                            ORDER BY b.id, o.currency, o.payer, o.code)
    FROM opening o JOIN benefit b ON b.name = o.benefit JOIN pay_period d ON d.period_end = o.period_end
         JOIN posting s ON s.night = o.first_seen
    GROUP BY o.employee_id, s.id, d.id;
DROP TABLE opening;
