# A server inside disk images.
# The pages.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_image_walk
TESTS += tests/test_image_walk
tests_test_image_walk_SOURCES = tests/test_image_walk.c tests/image_double.c tests/image_double.h $(gallery) $(walker)
tests_test_image_walk_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
endif

# Images made on the spot, and the whole program on them.
EXTRA_DIST += tests/image/lab.sh
# The backend over the stack.
if HAVE_CMOCKA
check_PROGRAMS += tests/image_check
tests_image_check_SOURCES = tests/image_check.c
tests_image_check_LDADD = tests/libsupport.a $(TEST_LDADD)
TESTS += tests/image_server.test
endif
EXTRA_DIST += tests/image_server.test

# The stack of processes.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_image_stack
TESTS += tests/test_image_stack
tests_test_image_stack_SOURCES = tests/test_image_stack.c
tests_test_image_stack_LDADD = tests/libsupport.a $(TEST_LDADD)
endif

# Partitions and drive letters.
if HAVE_CMOCKA
parts_tests = tests/test_diskkey tests/test_image_parts tests/test_image_letters
check_PROGRAMS += $(parts_tests)
TESTS += $(parts_tests)
tests_test_diskkey_SOURCES = tests/test_diskkey.c
tests_test_diskkey_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_image_parts_SOURCES = tests/test_image_parts.c tests/ntfs_place.c tests/ntfs_place.h $(ntfolder)
tests_test_image_parts_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_image_letters_SOURCES = tests/test_image_letters.c
tests_test_image_letters_LDADD = tests/libsupport.a $(TEST_LDADD)
endif

# What a run records and does about overlays, over a double of them.
if HAVE_CMOCKA
overlay_tests = tests/test_overlay tests/test_overlay_undo
check_PROGRAMS += $(overlay_tests)
TESTS += $(overlay_tests)
overlay_double = tests/overlay_double.c tests/overlay_double.h tests/finish_bench.c tests/finish_bench.h tests/cut_tree.c tests/cut_tree.h
tests_test_overlay_SOURCES = tests/test_overlay.c $(overlay_double)
tests_test_overlay_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_overlay_undo_SOURCES = tests/test_overlay_undo.c $(overlay_double)
tests_test_overlay_undo_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
