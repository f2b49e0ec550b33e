if HAVE_CMOCKA
check_PROGRAMS += tests/test_practice tests/practice_make
TESTS += tests/test_practice tests/practice.test
tests_test_practice_SOURCES = tests/test_practice.c tests/players.c tests/players.h
tests_test_practice_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_practice_make_SOURCES = tests/practice_make.c
tests_practice_make_LDADD = $(CORE_LDADD)
endif
TESTS += tests/start.test
EXTRA_DIST += tests/practice.test tests/start.test
