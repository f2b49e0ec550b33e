# A server inside disk images.
# The pages.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_image_walk
TESTS += tests/test_image_walk
tests_test_image_walk_SOURCES = tests/test_image_walk.c tests/image_double.c tests/image_double.h $(gallery) $(walker)
tests_test_image_walk_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
endif

# The backend over the stack.
if HAVE_CMOCKA
check_PROGRAMS += tests/image_check
tests_image_check_SOURCES = tests/image_check.c tests/image_bench.c tests/image_bench.h
tests_image_check_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
EXTRA_DIST += tests/image_server.test

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

# Images made on the spot, and the whole program on them.
EXTRA_DIST += tests/image.test tests/image_bad.test tests/image_cut.test tests/image/lab.sh

# All that is tried on images; make check takes a sample.
image_place = srcdir=$(srcdir) top_builddir=. $(SHELL) -c '. $(srcdir)/tests/place.sh; $(SHELL) $(srcdir)/tests
.PHONY: image-formats
image-formats: all $(check_PROGRAMS)
	IMAGE_PARTS="looking looking_calls repairing committing undoing keeping living dropping formats looked_at" \
		IMAGE_USER_PARTS="looking repairing committing" $(image_place)/image.test'
	IMAGE_ROWS="no_images missing outside in_use moved disks unclean kinds room names" $(image_place)/image_bad.test'
	$(image_place)/image_server.test'
	IMAGE_STACK_TROUBLE=yes $(image_place)/image_stack.test'

# Two hundred cuts. CUT_SEED: others.
.PHONY: image-cuts
image-cuts: all
	$(image_place)/image_cut.test'

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
