# A judge that is not ours: Wine starts the connector from what the registry says. FOREIGN_SERVERS: folders, or names
# of the lot of tests/servers, instead of practice servers.
EXTRA_DIST += tests/foreign/run tests/foreign/values tests/foreign/service.c tests/foreign/judge.c
.PHONY: foreign
foreign: msmcfix$(EXEEXT)
	bash $(srcdir)/tests/foreign/run ./msmcfix$(EXEEXT) $(FOREIGN_SERVERS)
