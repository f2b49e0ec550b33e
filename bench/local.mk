# Measurements, not tests: `make bench`. Built only then.
bench_programs = bench/sidebyside bench/mkhive bench/regread bench/hivexread bench/copytree bench/edithive bench/journalcost bench/livecost bench/imagecost bench/mailcost
EXTRA_PROGRAMS += $(bench_programs)
CLEANFILES += $(bench_programs)
EXTRA_DIST += bench/image.sh bench/live.sh bench/run.sh bench/record.sh
bench_sidebyside_SOURCES = bench/sidebyside.c
bench_sidebyside_LDADD =
bench_mkhive_SOURCES = bench/mkhive.c
bench_mkhive_LDADD = $(CORE_LDADD)
bench_regread_SOURCES = bench/regread.c
bench_regread_LDADD = $(CORE_LDADD)
bench_hivexread_SOURCES = bench/hivexread.c bench/inside.h
bench_hivexread_LDADD = $(HIVEX_LIBS)
bench_copytree_SOURCES = bench/copytree.c
bench_copytree_LDADD = $(CORE_LDADD)
bench_journalcost_SOURCES = bench/journalcost.c
bench_journalcost_LDADD = $(CORE_LDADD)
bench_mailcost_SOURCES = bench/mailcost.c
bench_mailcost_LDADD = $(CORE_LDADD)
bench_livecost_SOURCES = bench/livecost.c
bench_livecost_LDADD = $(CORE_LDADD)
bench_imagecost_SOURCES = bench/imagecost.c bench/inside.h
bench_imagecost_LDADD = $(CORE_LDADD)
bench_edithive_SOURCES = bench/edithive.c
bench_edithive_LDADD = $(CORE_LDADD)

# BENCH_DIR: a folder on a real disk with 1 GB of room, by default the build folder. BENCH_TIMES: rounds.
.PHONY: bench
bench: msmcfix$(EXEEXT) $(bench_programs)
	$(SHELL) $(srcdir)/bench/run.sh
	$(SHELL) $(srcdir)/bench/record.sh

# The live server, on a private smbd.
.PHONY: bench-live
bench-live: all bench/livecost tests/remote_try $(live_programs)
	srcdir=$(srcdir) top_builddir=. $(SHELL) -c '. $(srcdir)/tests/place.sh; $(SHELL) $(srcdir)/bench/live.sh'

# A server inside a disk image.
.PHONY: bench-image
bench-image: all bench/imagecost bench/sidebyside
	srcdir=$(srcdir) top_builddir=. $(SHELL) -c '. $(srcdir)/tests/place.sh; $(SHELL) $(srcdir)/bench/image.sh'
