# The walk: which page comes, what an answer does. Draws nothing.
noinst_LIBRARIES += ui/guide/libguide.a
ui_guide_libguide_a_SOURCES = \
	ui/guide/build.c ui/guide/page_alike.c ui/guide/journal.c ui/guide/journal.h ui/guide/step.c ui/guide/step.h ui/guide/coach.c ui/guide/decide.c ui/guide/decide.h ui/guide/guide.c ui/guide/guide.h \
	ui/guide/state.h ui/guide/ids.c ui/guide/ids.h ui/guide/jobs.c ui/guide/jobs_mail.c ui/guide/page.h ui/guide/page_debrief.c ui/guide/page_exam.c \
	ui/guide/marks.c ui/guide/page_lesson.c ui/guide/page_marks.c ui/guide/page_train.c ui/guide/propose.c ui/guide/record.c ui/guide/reading.c ui/guide/reading.h ui/guide/train.c ui/guide/train.h \
	ui/guide/found.c ui/guide/found.h ui/guide/found_drives.c ui/guide/page_backup.c ui/guide/page_carry.c ui/guide/page_copy.c ui/guide/page_diagnosis.c ui/guide/page_dialect.c ui/guide/page_ending.c ui/guide/page_letters.c \
	ui/guide/page_mail.c ui/guide/page_mail.h ui/guide/page_mail_ask.c ui/guide/page_mail_rows.c ui/guide/page_oldfolder.c ui/guide/page_pause.c ui/guide/page_pcmta.c \
	ui/guide/page_reach.c ui/guide/page_ready.c ui/guide/page_registry.c ui/guide/page_report.c \
	ui/guide/page_share.c ui/guide/page_undo.c ui/guide/page_unfinished.c ui/guide/runs.c ui/guide/seat.c ui/guide/short.c ui/guide/short.h ui/guide/state.c \
	ui/guide/live.c ui/guide/page_signin.c ui/password.c ui/password.h ui/reach.c ui/reach.h ui/reach_image.c ui/signals.c ui/signals.h ui/wrong.c ui/wrong.h
