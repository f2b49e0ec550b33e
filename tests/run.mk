if HAVE_CMOCKA
run_tests = tests/test_runfolder tests/test_journal
check_PROGRAMS += $(run_tests)
TESTS += $(run_tests)
tests_test_runfolder_SOURCES = tests/test_runfolder.c
tests_test_runfolder_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_journal_SOURCES = tests/test_journal.c
tests_test_journal_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
