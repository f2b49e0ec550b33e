# Steps 5 and 6, runs resumed, services; and the walk as a whole, in lines.
if HAVE_CMOCKA
finish_tests = tests/test_finish tests/test_mail_run tests/test_mail_bad tests/test_services tests/test_oldfolder \
	tests/test_oldfolder_names tests/test_oldfolder_threats tests/test_live tests/test_live_services tests/test_live_record
check_PROGRAMS += $(finish_tests)
TESTS += $(finish_tests)
finish_bench = tests/finish_bench.c tests/finish_bench.h
tests_test_finish_SOURCES = tests/test_finish.c $(finish_bench)
tests_test_finish_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_mail_run_SOURCES = tests/test_mail_run.c tests/flow.c tests/flow.h $(finish_bench)
tests_test_mail_run_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_mail_bad_SOURCES = tests/test_mail_bad.c tests/evt_write.c tests/evt_write.h $(finish_bench)
tests_test_mail_bad_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_services_SOURCES = tests/test_services.c $(finish_bench)
tests_test_services_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_oldfolder_SOURCES = tests/test_oldfolder.c $(finish_bench)
tests_test_oldfolder_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_oldfolder_names_SOURCES = tests/test_oldfolder_names.c $(finish_bench)
tests_test_oldfolder_names_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_oldfolder_threats_SOURCES = tests/test_oldfolder_threats.c $(finish_bench)
tests_test_oldfolder_threats_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_live_SOURCES = tests/test_live.c tests/live_double.c tests/live_double.h $(finish_bench)
tests_test_live_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_live_record_SOURCES = tests/test_live_record.c tests/live_double.c tests/live_double.h tests/regfile_read.c tests/regfile_read.h $(finish_bench)
tests_test_live_record_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_live_services_SOURCES = tests/test_live_services.c tests/live_double.c tests/live_double.h $(finish_bench)
tests_test_live_services_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
TESTS += tests/walk.test tests/kept.test
EXTRA_DIST += tests/walk.test tests/kept.test
