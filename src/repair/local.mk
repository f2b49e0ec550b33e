# Q240208: what to find, what to do, how to do one change.
noinst_LIBRARIES += src/repair/librepair.a
CORE_LIBS += src/repair/librepair.a
src_repair_librepair_a_SOURCES =
