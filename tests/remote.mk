# The remote backend: by hand, and its logic over a link that is played.
check_PROGRAMS += tests/remote_try
tests_remote_try_SOURCES = tests/remote_try.c
tests_remote_try_LDADD = $(CORE_LDADD)

if HAVE_CMOCKA
fake_link = tests/fake_link.c tests/fake_link.h tests/fake_calls.c tests/fake_calls.h tests/fake_files.c tests/fake_services.c \
	tests/fake_events.c $(evt_write)
remote_tests = tests/test_remote_read tests/test_remote_write tests/test_remote_shares tests/test_remote_services \
	tests/test_remote_events tests/test_remote_files tests/test_remote_hostile
check_PROGRAMS += $(remote_tests)
TESTS += $(remote_tests)
tests_test_remote_read_SOURCES = tests/test_remote_read.c $(fake_link)
tests_test_remote_read_LDADD = $(TEST_LDADD)
tests_test_remote_write_SOURCES = tests/test_remote_write.c $(fake_link)
tests_test_remote_write_LDADD = $(TEST_LDADD)
tests_test_remote_shares_SOURCES = tests/test_remote_shares.c $(fake_link)
tests_test_remote_shares_LDADD = $(TEST_LDADD)
tests_test_remote_services_SOURCES = tests/test_remote_services.c $(fake_link)
tests_test_remote_services_LDADD = $(TEST_LDADD)
tests_test_remote_events_SOURCES = tests/test_remote_events.c $(fake_link)
tests_test_remote_events_LDADD = $(TEST_LDADD)
tests_test_remote_files_SOURCES = tests/test_remote_files.c $(fake_link)
tests_test_remote_files_LDADD = $(TEST_LDADD)
tests_test_remote_hostile_SOURCES = tests/test_remote_hostile.c $(fake_link)
tests_test_remote_hostile_LDADD = $(TEST_LDADD)
endif
