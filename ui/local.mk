# The program. Only here there are printing, terminals and exit codes.
bin_PROGRAMS += msmcfix
msmcfix_SOURCES = \
	ui/check.c \
	ui/commands.c ui/commands.h \
	ui/main.c \
	ui/options.c ui/options.h \
	ui/reach.c ui/reach.h \
	ui/say.c ui/say.h
msmcfix_LDADD = $(CORE_LDADD)
