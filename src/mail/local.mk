# Step 5: what is known of mail flow, and how it was learned.
noinst_LIBRARIES += src/mail/libmail.a
CORE_LIBS += src/mail/libmail.a
src_mail_libmail_a_SOURCES = \
	src/mail/evidence.c src/mail/evidence.h \
	src/mail/stage.h src/mail/maillog.h src/mail/events.h src/mail/judge.h \
	src/mail/token.c src/mail/token.h
