# The server under repair behind one interface.
noinst_LIBRARIES += src/server/libserver.a
CORE_LIBS += src/server/libserver.a
src_server_libserver_a_SOURCES =
