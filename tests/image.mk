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

# The stack of processes.
if HAVE_CMOCKA
image_stack_tests = tests/test_image_stack tests/test_image_stack_trouble
check_PROGRAMS += $(image_stack_tests)
TESTS += $(image_stack_tests) tests/image_stack.test
tests_test_image_stack_SOURCES = tests/test_image_stack.c tests/stack_place.c tests/stack_place.h
tests_test_image_stack_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_image_stack_trouble_SOURCES = tests/test_image_stack_trouble.c tests/stack_place.c tests/stack_place.h
tests_test_image_stack_trouble_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
EXTRA_DIST += tests/image_stack.test
