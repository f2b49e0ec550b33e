if HAVE_CMOCKA
nt_tests = tests/test_path
check_PROGRAMS += $(nt_tests)
TESTS += $(nt_tests)
tests_test_path_SOURCES = tests/test_path.c
tests_test_path_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
