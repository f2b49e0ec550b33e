# A server inside disk images.
# Partitions and drive letters.
if HAVE_CMOCKA
parts_tests = tests/test_diskkey
check_PROGRAMS += $(parts_tests)
TESTS += $(parts_tests)
tests_test_diskkey_SOURCES = tests/test_diskkey.c
tests_test_diskkey_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
