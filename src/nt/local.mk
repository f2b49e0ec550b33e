# Windows as pure functions on bytes and strings. No I/O.
noinst_LIBRARIES += src/nt/libnt.a
CORE_LIBS += src/nt/libnt.a
src_nt_libnt_a_SOURCES =
