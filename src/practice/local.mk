# Servers made on the spot, and what is simulated on them.
noinst_LIBRARIES += src/practice/libpractice.a
CORE_LIBS += src/practice/libpractice.a
src_practice_libpractice_a_SOURCES = \
	src/practice/build.c \
	src/practice/bytes.c \
	src/practice/connector.c \
	src/practice/evt.c \
	src/practice/files.c \
	src/practice/hive.c \
	src/practice/json.c \
	src/practice/maildata.c \
	src/practice/parts.h \
	src/practice/pe.c \
	src/practice/place.c \
	src/practice/practice.h \
	src/practice/mail.c \
	src/practice/mail.h \
	src/practice/mail_boxes.c \
	src/practice/mail_hops.c \
	src/practice/mail_parts.h \
	src/practice/mail_places.c \
	src/practice/mail_post.c \
	src/practice/mail_process.c \
	src/practice/mail_store.c \
	src/practice/mail_turn.c \
	src/practice/registry.c \
	src/practice/server.c \
	src/practice/services.c \
	src/practice/tree.c \
	src/practice/world.c \
	src/practice/written.c
