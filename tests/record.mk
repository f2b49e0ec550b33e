# Drift; the record of a run, judged by others.
record_tests = tests/drift.test tests/wine.test
TESTS += $(record_tests)
EXTRA_DIST += $(record_tests)
