# Documents of many rows; drift; the record of a run, judged by others.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_document
TESTS += tests/test_document
tests_test_document_SOURCES = tests/test_document.c
tests_test_document_LDADD = $(TEST_LDADD)
endif
record_tests = tests/drift.test tests/wine.test
TESTS += $(record_tests)
EXTRA_DIST += $(record_tests)
