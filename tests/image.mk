# A server inside disk images.

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
