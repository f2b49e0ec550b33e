# Programs of their own that msmcfix starts and can kill. They use base alone.
helpers_sources = helpers/main.c helpers/smb.h helpers/talk.c helpers/options.c helpers/reach.c \
	helpers/session.c helpers/files.c helpers/handles.c
if HAVE_SMB
pkglibexec_PROGRAMS += helpers/msmcfix-smb
helpers_msmcfix_smb_SOURCES = $(helpers_sources)
helpers_msmcfix_smb_CFLAGS = $(AM_CFLAGS) $(SMB_CFLAGS)
helpers_msmcfix_smb_LDADD = src/base/libbase.a $(SMB_LIBS) $(NETTLE_LIBS) $(TALLOC_LIBS) $(LTLIBINTL)
else
EXTRA_DIST += $(helpers_sources)
endif
