# A server inside disk images.
# Partitions and drive letters.
if HAVE_CMOCKA
parts_tests = tests/test_diskkey tests/test_image_parts tests/test_image_letters
check_PROGRAMS += $(parts_tests)
TESTS += $(parts_tests)
tests_test_diskkey_SOURCES = tests/test_diskkey.c
tests_test_diskkey_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_image_parts_SOURCES = tests/test_image_parts.c tests/ntfs_place.c tests/ntfs_place.h $(ntfolder)
tests_test_image_parts_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_image_letters_SOURCES = tests/test_image_letters.c tests/lab.c tests/lab.h
tests_test_image_letters_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
