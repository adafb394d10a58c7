-- How many listed entries wait until their source may bring more, and what was left of its allowance at its last answer.

ALTER TABLE feeds ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feeds ADD COLUMN intake_left REAL;
