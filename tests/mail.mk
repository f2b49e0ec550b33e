if HAVE_CMOCKA
mail_tests = tests/test_token tests/test_evidence
check_PROGRAMS += $(mail_tests)
TESTS += $(mail_tests)
tests_test_token_SOURCES = tests/test_token.c
tests_test_token_LDADD = $(TEST_LDADD)
tests_test_evidence_SOURCES = tests/test_evidence.c
tests_test_evidence_LDADD = $(TEST_LDADD)
endif
