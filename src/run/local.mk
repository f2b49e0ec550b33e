# That it may be done, and the record.
noinst_LIBRARIES += src/run/librun.a
CORE_LIBS += src/run/librun.a
src_run_librun_a_SOURCES = \
	src/run/act.c src/run/after.c src/run/after.h src/run/backup.c \
	src/run/engine.c src/run/engine.h src/run/engine_internal.h src/run/engine_record.c src/run/history.c \
	src/run/journal.c src/run/journal.h src/run/journal_internal.h src/run/later.c src/run/later.h \
	src/run/kept.c src/run/kept.h src/run/look.c src/run/report.c src/run/report.h src/run/report_internal.h src/run/report_later.c src/run/report_rows.c src/run/report_text.c \
	src/run/rehearse.c src/run/rehearse.h src/run/reopen.c src/run/reopen.h src/run/resume.c \
	src/run/runfolder.c src/run/runfolder.h src/run/runfolder_files.c src/run/runfolder_internal.h src/run/runs.c \
	src/run/services.c src/run/services.h src/run/trial.c src/run/undo.c src/run/undo_hives.c src/run/undo_internal.h src/run/undo_items.c
