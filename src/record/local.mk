# A run on disk: its folder, lock and journal. Knows no repair.
noinst_LIBRARIES += src/record/librecord.a
CORE_LIBS += src/record/librecord.a
src_record_librecord_a_SOURCES = \
	src/record/journal.c src/record/journal.h src/record/runfolder.c src/record/runfolder.h \
	src/record/runfolder_files.c src/record/runfile.c src/record/reached.c src/record/reached.h src/record/record_internal.h \
	src/record/runs.c
