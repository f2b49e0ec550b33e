# The program. Only here there are printing, terminals and exit codes.
bin_PROGRAMS += msmcfix
msmcfix_SOURCES = \
	ui/check.c \
	ui/commands.c ui/commands.h \
	ui/language.c ui/language.h \
	ui/main.c \
	ui/options.c ui/options.h \
	ui/say.c ui/say.h \
	ui/spare.c ui/spare.h \
	ui/walk.c
msmcfix_LDADD = ui/wizard/libwizard.a ui/plain/libplain.a ui/guide/libguide.a \
	$(CORE_LDADD) $(DIALOG_LIBS) $(NCURSES_LIBS)

include ui/guide/local.mk
include ui/plain/local.mk
include ui/wizard/local.mk

msmcfix_SOURCES += ui/carry.c ui/carry.h ui/cmd_apply.c ui/cmd_class.c ui/cmd_plan.c ui/cmd_report.c ui/cmd_resume.c ui/cmd_runs.c \
	ui/cmd_train.c ui/cmd_undo.c ui/cmd_overlay.c
