# Hives: by hand, foreign, and judged by other programs.
EXTRA_DIST += tests/hives.test tests/fetch.test tests/fetch_hives.sh tests/hives.sha256
TESTS += tests/fetch.test
# Public registry files into the build folder, where tests find them (tests/place.sh): only when asked for.
.PHONY: hives
hives:
	$(SHELL) $(srcdir)/tests/fetch_hives.sh hives
if HAVE_CMOCKA
regf_tests = tests/test_regf tests/test_regf_hostile tests/test_regf_edit tests/test_regf_build tests/test_regf_foreign
check_PROGRAMS += $(regf_tests) tests/regf_tool
TESTS += $(regf_tests) tests/hives.test
tests_test_regf_SOURCES = tests/test_regf.c
tests_test_regf_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regf_hostile_SOURCES = tests/test_regf_hostile.c
tests_test_regf_hostile_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regf_edit_SOURCES = tests/test_regf_edit.c
tests_test_regf_edit_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regf_build_SOURCES = tests/test_regf_build.c
tests_test_regf_build_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regf_foreign_SOURCES = tests/test_regf_foreign.c
tests_test_regf_foreign_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_regf_tool_SOURCES = tests/regf_tool.c
tests_regf_tool_LDADD = $(CORE_LDADD)
endif
