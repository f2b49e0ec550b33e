# The live server: a private smbd with npd in front of its pipes (tests/live/lab.sh).
npd = tests/live/npd.c tests/live/npd.h tests/live/npd_pdu.c tests/live/npd_orders.c tests/live/npd_calls.c tests/live/npd_shares.c \
	tests/live/npd_services.c tests/live/npd_registry.c tests/live/npd_files.c tests/live/npd_load.c
check_PROGRAMS += tests/live/npd
tests_live_npd_SOURCES = $(npd)
tests_live_npd_LDADD = $(CORE_LDADD) -lpthread
check_PROGRAMS += tests/live/lag
tests_live_lag_SOURCES = tests/live/lag.c
tests_live_lag_LDADD =
