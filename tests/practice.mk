if HAVE_CMOCKA
check_PROGRAMS += tests/test_practice tests/test_practice_mail tests/test_practice_process tests/test_practice_hostile tests/practice_make tests/practice_flow
TESTS += tests/test_practice tests/test_practice_mail tests/test_practice_process tests/test_practice_hostile tests/practice.test tests/practice_evt.test
mailsight = tests/flow.c tests/flow.h tests/mailsight.c tests/mailsight.h
tests_test_practice_mail_SOURCES = tests/test_practice_mail.c $(mailsight)
tests_test_practice_mail_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_practice_process_SOURCES = tests/test_practice_process.c $(mailsight)
tests_test_practice_process_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_practice_hostile_SOURCES = tests/test_practice_hostile.c $(mailsight)
tests_test_practice_hostile_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_practice_flow_SOURCES = tests/practice_flow.c tests/flow.c tests/flow.h
tests_practice_flow_LDADD = $(CORE_LDADD)
tests_test_practice_SOURCES = tests/test_practice.c tests/players.c tests/players.h
tests_test_practice_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_practice_make_SOURCES = tests/practice_make.c
tests_practice_make_LDADD = $(CORE_LDADD)
endif
TESTS += tests/start.test
EXTRA_DIST += tests/practice.test tests/practice_evt.test tests/start.test
