# A server inside disk images.
# The pages.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_image_walk
TESTS += tests/test_image_walk
tests_test_image_walk_SOURCES = tests/test_image_walk.c tests/image_double.c tests/image_double.h $(gallery) $(walker)
tests_test_image_walk_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
endif
