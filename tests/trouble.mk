# Bad input and trouble, whole repairs, and a power cut on NTFS, through the whole program.
if HAVE_CMOCKA
TESTS += tests/tongues.test tests/html.test tests/limits.test tests/trouble.test tests/later.test tests/repair.test tests/replay.test tests/newcomer.test
endif
EXTRA_DIST += tests/told.test tests/tongues.test tests/html.test tests/limits.test tests/trouble.test tests/chroot.test tests/later.test tests/repair.test tests/replay.test tests/newcomer.test
