noinst_LIBRARIES += src/repair/librepair.a
CORE_LIBS += src/repair/librepair.a
src_repair_librepair_a_SOURCES =
