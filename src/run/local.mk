# That it may be done, and the record.
noinst_LIBRARIES += src/run/librun.a
CORE_LIBS += src/run/librun.a
src_run_librun_a_SOURCES = \
	src/run/journal.c src/run/journal.h src/run/journal_internal.h \
	src/run/runfolder.c src/run/runfolder.h src/run/runfolder_internal.h \
	src/run/runs.c
