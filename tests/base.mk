LOG_COMPILER = $(SHELL) $(srcdir)/tests/tap.sh
EXTRA_DIST += tests/tap.sh

if HAVE_CMOCKA
check_LIBRARIES += tests/libsupport.a
tests_libsupport_a_SOURCES = tests/support.c tests/support.h tests/handmade.c tests/handmade.h

base_tests = tests/test_memory tests/test_error tests/test_text tests/test_filetime tests/test_digest tests/test_file tests/test_frames
check_PROGRAMS += $(base_tests)
TESTS += $(base_tests)
tests_test_memory_SOURCES = tests/test_memory.c
tests_test_memory_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_error_SOURCES = tests/test_error.c
tests_test_error_LDADD = $(TEST_LDADD)
tests_test_text_SOURCES = tests/test_text.c
tests_test_text_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_filetime_SOURCES = tests/test_filetime.c
tests_test_filetime_LDADD = $(TEST_LDADD)
tests_test_digest_SOURCES = tests/test_digest.c
tests_test_digest_LDADD = $(TEST_LDADD)
tests_test_frames_SOURCES = tests/test_frames.c
tests_test_frames_LDADD = $(TEST_LDADD)
tests_test_file_SOURCES = tests/test_file.c
tests_test_file_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
