# Servers of every kind against an oracle of its own: a sample in `make check`, all of them by `make servers` (SEED=N, PAIRS=N).
TESTS += tests/servers.test
EXTRA_DIST += tests/servers.test tests/servers/oracle tests/servers/generate tests/servers/run tests/servers/Bend.pm \
	tests/servers/Drives.pm tests/servers/Lot.pm tests/servers/Oracle.pm tests/servers/Table.pm tests/servers/Trial.pm
PAIRS = 80
.PHONY: servers
servers: msmcfix$(EXEEXT)
	@perl -MWin::Hivex -e 1 2>/dev/null || { echo "skipped: no perl with Win::Hivex (libwin-hivex-perl)"; exit 0; }; \
	perl $(srcdir)/tests/servers/run --program $(abs_builddir)/msmcfix$(EXEEXT) --seed $(SEED) --pairs $(PAIRS)
