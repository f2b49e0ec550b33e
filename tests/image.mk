# A server inside disk images.

# The stack of processes.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_image_stack
TESTS += tests/test_image_stack
tests_test_image_stack_SOURCES = tests/test_image_stack.c
tests_test_image_stack_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
