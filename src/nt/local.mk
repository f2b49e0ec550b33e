# Windows as pure functions on bytes and strings. No I/O.
noinst_LIBRARIES += src/nt/libnt.a
CORE_LIBS += src/nt/libnt.a
src_nt_libnt_a_SOURCES =
src_nt_libnt_a_SOURCES += src/nt/regf.c src/nt/regf.h src/nt/regf_internal.h src/nt/regf_name.c src/nt/regf_keys.c \
	src/nt/regf_values.c src/nt/regf_check.c src/nt/regf_diff.c
src_nt_libnt_a_SOURCES += src/nt/regf_build.c src/nt/regf_build.h
src_nt_libnt_a_SOURCES += src/nt/path.c src/nt/path.h src/nt/path_scan.h src/nt/path_value.c
src_nt_libnt_a_SOURCES += src/nt/regf_edit.c src/nt/regf_edit.h
src_nt_libnt_a_SOURCES += src/nt/regf_walk.c
src_nt_libnt_a_SOURCES += src/nt/regdata.c src/nt/regdata.h
src_nt_libnt_a_SOURCES += src/nt/ndr.c src/nt/ndr.h src/nt/winreg.c src/nt/winreg.h src/nt/srvsvc.c src/nt/srvsvc.h \
	src/nt/svcctl.c src/nt/svcctl.h src/nt/eventlog.c src/nt/eventlog.h src/nt/descriptor.c src/nt/descriptor.h
src_nt_libnt_a_SOURCES += src/nt/sharedef.c src/nt/sharedef.h
src_nt_libnt_a_SOURCES += src/nt/peversion.c src/nt/peversion.h
src_nt_libnt_a_SOURCES += src/nt/regfile.c src/nt/regfile.h
src_nt_libnt_a_SOURCES += src/nt/diskkey.c src/nt/diskkey.h
src_nt_libnt_a_SOURCES += src/nt/evtfile.c src/nt/evtfile.h
