if HAVE_CMOCKA
mail_tests = tests/test_token tests/test_evidence tests/test_maillog tests/test_tracking tests/test_mail_events tests/test_mail_judge
check_PROGRAMS += $(mail_tests)
TESTS += $(mail_tests)
tests_test_token_SOURCES = tests/test_token.c
tests_test_token_LDADD = $(TEST_LDADD)
tests_test_evidence_SOURCES = tests/test_evidence.c
tests_test_evidence_LDADD = $(TEST_LDADD)
tests_test_maillog_SOURCES = tests/test_maillog.c tests/mail_entries.c tests/mail_entries.h
tests_test_maillog_LDADD = $(TEST_LDADD)
tests_test_tracking_SOURCES = tests/test_tracking.c tests/mail_entries.c tests/mail_entries.h
tests_test_tracking_LDADD = $(TEST_LDADD)
tests_test_mail_events_SOURCES = tests/test_mail_events.c
tests_test_mail_events_LDADD = $(TEST_LDADD)
tests_test_mail_judge_SOURCES = tests/test_mail_judge.c tests/judging.c tests/judging.h
tests_test_mail_judge_LDADD = $(TEST_LDADD)
endif
