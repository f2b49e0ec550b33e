# That it may be done, and how far it came.
noinst_LIBRARIES += src/run/librun.a
CORE_LIBS += src/run/librun.a
src_run_librun_a_SOURCES = \
	src/run/act.c src/run/finish.c src/run/finish.h src/run/mail.c src/run/mail.h src/run/backup.c \
	src/run/engine.c src/run/engine.h src/run/engine_internal.h src/run/engine_record.c src/run/history.c \
	src/run/kept.c src/run/kept.h src/run/status.c \
	src/run/rehearse.c src/run/rehearse.h src/run/resume.c src/run/resume.h src/run/room.c src/run/services.c src/run/services.h src/run/session.c src/run/ground.c \
	src/run/trial.c src/run/undo.c src/run/undo_look.c src/run/undo_hives.c src/run/undo_internal.h src/run/undo_items.c src/run/undo_witness.c
src_run_librun_a_SOURCES += src/run/overlay.c src/run/overlay_end.c src/run/overlay_stand.c src/run/overlay.h
