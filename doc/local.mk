# The manual page, the JSON that programs read, and the facts that the code rests on.
dist_man1_MANS = doc/msmcfix.1
EXTRA_DIST += doc/json.md doc/cases.md doc/domain.md doc/hives.md
EXTRA_DIST += doc/security.md doc/schema/check.json doc/schema/plan.json doc/schema/report.json doc/schema/journal.json doc/schema/result.json
EXTRA_DIST += tests/schema.test tests/schema.py
TESTS += tests/schema.test
