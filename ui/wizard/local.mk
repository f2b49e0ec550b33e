# The walk on a full screen.
noinst_LIBRARIES += ui/wizard/libwizard.a
ui_wizard_libwizard_a_SOURCES = \
	ui/wizard/board.c ui/wizard/board.h ui/wizard/box.c ui/wizard/box_text.c ui/wizard/box_text.h ui/wizard/compose.c ui/wizard/compose.h \
	ui/wizard/compose_details.c ui/wizard/compose_first.c ui/wizard/compose_frame.c ui/wizard/compose_letters.c \
	ui/wizard/compose_private.h ui/wizard/compose_rail.c ui/wizard/compose_rows.c ui/wizard/compose_screen.c \
	ui/wizard/compose_table.c ui/wizard/compose_work.c \
	ui/wizard/keybar.c ui/wizard/keybar.h ui/wizard/keys.c ui/wizard/keys.h \
	ui/wizard/pager.c ui/wizard/requests.c ui/wizard/requests.h \
	ui/wizard/terminal.c ui/wizard/theme.c ui/wizard/theme.h ui/wizard/wizard.c ui/wizard/wizard.h ui/wizard/wizard_private.h \
	ui/wizard/work.c
