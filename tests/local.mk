# Every test speaks TAP, so that one line of the summary is one test case.
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
TEST_EXTENSIONS = .test
TEST_LOG_DRIVER = $(LOG_DRIVER)
AM_TESTS_ENVIRONMENT = CMOCKA_MESSAGE_OUTPUT=tap; export CMOCKA_MESSAGE_OUTPUT; \
	srcdir=$(srcdir); export srcdir; top_builddir=.; export top_builddir; \
	. $(top_srcdir)/tests/place.sh;
EXTRA_DIST += tests/place.sh
CORE_LDADD = $(CORE_LIBS) $(JANSSON_LIBS) $(HIVEX_LIBS) $(NETTLE_LIBS) $(BLKID_LIBS) $(TALLOC_LIBS) $(LTLIBINTL)
TEST_LDADD = $(CORE_LDADD) $(CMOCKA_LIBS)

# Those that take longest come first, so that at the end no processor waits for one of them; before all, those that wait most themselves.
longest_tests = tests/wizard.test tests/image.test tests/image_bad.test
if HAVE_CMOCKA
longest_tests += tests/live_bad.test
endif
TESTS += $(longest_tests)
include tests/program.mk
include tests/training.mk
include tests/trouble.mk
include tests/remote.mk
include tests/live.mk
include tests/image.mk
include tests/servers.mk
include tests/wizard.mk
include tests/run.mk
include tests/base.mk
include tests/nt.mk
include tests/regf.mk
include tests/server.mk
include tests/practice.mk
include tests/mail.mk
include tests/repair.mk
include tests/record.mk
include tests/finish.mk
include tests/foreign.mk
