# Step 5: what is known of mail flow, and how it was learned.
noinst_LIBRARIES += src/mail/libmail.a
CORE_LIBS += src/mail/libmail.a
src_mail_libmail_a_SOURCES = \
	src/mail/evidence.c src/mail/evidence.h src/mail/evidence_word.c src/mail/evidence_record.c \
	src/mail/stage.c src/mail/stage.h src/mail/address.c \
	src/mail/maillog.c src/mail/maillog.h src/mail/maillog_private.h src/mail/maillog_entry.c \
	src/mail/maillog_pcmta.c src/mail/maillog_tracking.c \
	src/mail/events.c src/mail/events.h src/mail/judge.c src/mail/judge_seen.c src/mail/judge_private.h src/mail/judge.h \
	src/mail/token.c src/mail/token.h
