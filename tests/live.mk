# The live server: a private smbd with npd in front of its pipes (tests/live/lab.sh).
npd = tests/live/npd.c tests/live/npd.h tests/live/npd_pdu.c tests/live/npd_orders.c tests/live/npd_calls.c tests/live/npd_shares.c \
	tests/live/npd_events.c tests/evt_write.c tests/evt_write.h tests/live/npd_services.c tests/live/npd_registry.c tests/live/npd_files.c tests/live/npd_load.c
live_programs = tests/live/npd tests/live/lag
check_PROGRAMS += $(live_programs)
tests_live_npd_SOURCES = $(npd)
tests_live_npd_LDADD = $(CORE_LDADD) -lpthread
tests_live_lag_SOURCES = tests/live/lag.c
tests_live_lag_LDADD =
if HAVE_CMOCKA
TESTS += tests/live.test tests/live_bad.test tests/live_cut.test
endif
EXTRA_DIST += tests/live.test tests/live_bad.test tests/live_cut.test tests/live/lab.sh tests/live/reader.py

# A hundred repairs, each cut at another moment. CUT_SEED: others.
.PHONY: live-cuts
live-cuts: all $(live_programs)
	srcdir=$(srcdir) top_builddir=. CUTS=$${CUTS:-100} $(SHELL) -c '. $(srcdir)/tests/place.sh; $(srcdir)/tests/live_cut.test'
