-- What a removed article said, packed, while its removal can be taken back. Nothing that readers are shown looks here.

CREATE TABLE withheld (
    n INTEGER PRIMARY KEY REFERENCES articles (n) ON DELETE CASCADE,
    until INTEGER NOT NULL,
    number INTEGER NOT NULL, -- of the last update of the commit that removed it
    words BLOB NOT NULL
) STRICT;
CREATE INDEX withheld_until ON withheld (until);
