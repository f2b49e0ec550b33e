# The ground: errors, text, digests. Knows nothing of Windows or Exchange.
noinst_LIBRARIES += src/base/libbase.a
CORE_LIBS += src/base/libbase.a
src_base_libbase_a_SOURCES = \
	src/base/bytes.h \
	src/base/digest.c src/base/digest.h \
	src/base/error.c src/base/error.h \
	src/base/file.c src/base/file.h \
	src/base/filetime.c src/base/filetime.h \
	src/base/frames.c src/base/frames.h \
	src/base/i18n.c src/base/i18n.h \
	src/base/memory.c src/base/memory.h \
	src/base/text.c src/base/text.h \
	src/base/text_changes.c src/base/text_shown.c src/base/text_unit.h \
	src/base/text_wrap.c \
	src/base/trouble.c
