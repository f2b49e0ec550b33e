# Bad input and trouble, whole repairs, and what a power cut leaves, through the whole program.
if HAVE_CMOCKA
TESTS += tests/trouble.test
endif
EXTRA_DIST += tests/trouble.test
