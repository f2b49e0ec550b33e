# The manual page, and the JSON that programs read.
dist_man1_MANS = doc/msmcfix.1
EXTRA_DIST += doc/json.md doc/cases.md
