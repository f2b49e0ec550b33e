# The walk in lines.
noinst_LIBRARIES += ui/plain/libplain.a
ui_plain_libplain_a_SOURCES = \
	ui/layout.c ui/layout.h \
	ui/plain/plain.c ui/plain/plain.h ui/plain/plain_ask.c ui/plain/plain_print.c ui/plain/plain_private.h
