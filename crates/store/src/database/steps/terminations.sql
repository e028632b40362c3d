-- The day of the termination that Benbase accepted; NULL: none that this tieout sent.
ALTER TABLE ledger ADD COLUMN terminated_on TEXT;
