# The remote backend: by hand, and its logic over a link that is played.
check_PROGRAMS += tests/remote_try
tests_remote_try_SOURCES = tests/remote_try.c
tests_remote_try_LDADD = $(CORE_LDADD)
