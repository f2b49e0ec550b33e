if HAVE_CMOCKA
nt_tests = tests/test_path tests/test_regdata tests/test_sharedef tests/test_peversion tests/test_regfile
check_PROGRAMS += $(nt_tests)
TESTS += $(nt_tests)
tests_test_path_SOURCES = tests/test_path.c
tests_test_path_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regdata_SOURCES = tests/test_regdata.c
tests_test_regdata_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_sharedef_SOURCES = tests/test_sharedef.c
tests_test_sharedef_LDADD = $(TEST_LDADD)
tests_test_peversion_SOURCES = tests/test_peversion.c
tests_test_peversion_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regfile_SOURCES = tests/test_regfile.c
tests_test_regfile_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
