# Bad input and trouble, and whole repairs, through the whole program.
if HAVE_CMOCKA
TESTS += tests/trouble.test tests/repair.test
endif
EXTRA_DIST += tests/trouble.test tests/repair.test
