# That it may be done, and the record.
noinst_LIBRARIES += src/run/librun.a
CORE_LIBS += src/run/librun.a
src_run_librun_a_SOURCES =
