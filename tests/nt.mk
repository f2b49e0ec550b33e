if HAVE_CMOCKA
nt_tests = tests/test_path tests/test_path_value tests/test_regdata tests/test_sharedef tests/test_peversion tests/test_regfile tests/test_regfile_read \
	tests/test_ndr tests/test_rpc_calls tests/test_descriptor tests/test_evtfile tests/test_evtrecord
check_PROGRAMS += $(nt_tests)
TESTS += $(nt_tests)
tests_test_path_SOURCES = tests/test_path.c
tests_test_path_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_path_value_SOURCES = tests/test_path_value.c
tests_test_path_value_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regdata_SOURCES = tests/test_regdata.c
tests_test_regdata_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_sharedef_SOURCES = tests/test_sharedef.c
tests_test_sharedef_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_peversion_SOURCES = tests/test_peversion.c
tests_test_peversion_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regfile_SOURCES = tests/test_regfile.c
tests_test_regfile_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regfile_read_SOURCES = tests/test_regfile_read.c tests/regfile_read.c tests/regfile_read.h
tests_test_regfile_read_LDADD = tests/libsupport.a $(TEST_LDADD)
evt_write = tests/evt_write.c tests/evt_write.h
tests_test_evtfile_SOURCES = tests/test_evtfile.c $(evt_write)
tests_test_evtrecord_SOURCES = tests/test_evtrecord.c $(evt_write)
tests_test_evtrecord_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_evtfile_LDADD = tests/libsupport.a $(TEST_LDADD)
rpc_samples = tests/rpc_samples.c tests/rpc_samples.h tests/rpc_registry.c tests/rpc_services.c
tests_test_ndr_SOURCES = tests/test_ndr.c $(rpc_samples)
tests_test_ndr_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_rpc_calls_SOURCES = tests/test_rpc_calls.c $(rpc_samples)
tests_test_rpc_calls_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_descriptor_SOURCES = tests/test_descriptor.c $(rpc_samples)
tests_test_descriptor_LDADD = tests/libsupport.a $(TEST_LDADD)
if HAVE_NDR
check_PROGRAMS += tests/rpc_judge
tests_rpc_judge_SOURCES = tests/rpc_judge.c $(rpc_samples)
tests_rpc_judge_CPPFLAGS = $(AM_CPPFLAGS) $(NDR_CFLAGS)
tests_rpc_judge_LDADD = tests/libsupport.a $(TEST_LDADD) $(NDR_LIBS)
endif
endif
TESTS += tests/rpc_judge.test
EXTRA_DIST += tests/rpc_judge.test
