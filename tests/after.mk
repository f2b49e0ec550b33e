# Steps 5 and 6, runs resumed, services; and the walk as a whole, in lines.
if HAVE_CMOCKA
after_tests = tests/test_after tests/test_services tests/test_oldfolder tests/test_oldfolder_threats
check_PROGRAMS += $(after_tests)
TESTS += $(after_tests)
later_bench = tests/later_bench.c tests/later_bench.h
tests_test_after_SOURCES = tests/test_after.c $(later_bench)
tests_test_after_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_services_SOURCES = tests/test_services.c $(later_bench)
tests_test_services_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_oldfolder_SOURCES = tests/test_oldfolder.c $(later_bench)
tests_test_oldfolder_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_oldfolder_threats_SOURCES = tests/test_oldfolder_threats.c $(later_bench)
tests_test_oldfolder_threats_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
TESTS += tests/walk.test tests/kept.test
EXTRA_DIST += tests/walk.test tests/kept.test
