# A server inside disk images.
# Their files.
if HAVE_CMOCKA
image_file_tests = tests/test_image_file tests/test_image_formats
check_PROGRAMS += $(image_file_tests)
TESTS += $(image_file_tests)
tests_test_image_file_SOURCES = tests/test_image_file.c tests/image_hand.c tests/image_hand.h
tests_test_image_file_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_image_file_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=openat,--wrap=openat64
tests_test_image_formats_SOURCES = tests/test_image_formats.c tests/image_hand.c tests/image_hand.h
tests_test_image_formats_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
