-- What no crash and no wrong clock may take: `log` is the inode of the newsroom's log, 0 after an orderly end; `kept_at`
-- is the latest time by which something was forgotten, and no text that comes later is older than that.

INSERT OR IGNORE INTO meta (key, value) VALUES ('log', 0), ('kept_at', 0);
