if HAVE_CMOCKA
disks_tests = tests/test_disks tests/test_disks_registry tests/test_disks_files tests/test_disks_events tests/test_judge \
	tests/test_regwrite tests/test_regwrite_gate tests/test_regwrite_back tests/test_regwrite_ntfs tests/test_regwrite_faults
ntfolder = tests/ntfolder.c tests/ntfolder.h
regbench = tests/regbench.c tests/regbench.h $(ntfolder)
check_PROGRAMS += $(disks_tests)
TESTS += $(disks_tests)
tests_test_disks_SOURCES = tests/test_disks.c $(ntfolder)
tests_test_disks_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_disks_registry_SOURCES = tests/test_disks_registry.c $(ntfolder)
tests_test_disks_registry_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_disks_files_SOURCES = tests/test_disks_files.c $(ntfolder)
tests_test_disks_files_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_disks_events_SOURCES = tests/test_disks_events.c $(ntfolder) $(evt_write)
tests_test_disks_events_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regwrite_SOURCES = tests/test_regwrite.c $(regbench)
tests_test_regwrite_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regwrite_gate_SOURCES = tests/test_regwrite_gate.c $(regbench)
tests_test_regwrite_gate_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regwrite_back_SOURCES = tests/test_regwrite_back.c $(regbench)
tests_test_regwrite_back_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regwrite_ntfs_SOURCES = tests/test_regwrite_ntfs.c $(ntfolder)
tests_test_regwrite_ntfs_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regwrite_faults_SOURCES = tests/test_regwrite_faults.c $(ntfolder)
tests_test_regwrite_faults_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_regwrite_faults_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=pwrite,--wrap=fsync,--wrap=volume_rename,--wrap=regf_edit,--wrap=judge_values
tests_test_judge_SOURCES = tests/test_judge.c $(ntfolder)
tests_test_judge_LDADD = tests/libsupport.a $(TEST_LDADD)
endif

if HAVE_CMOCKA
volume_tests = tests/test_volume tests/test_volume_write tests/test_volume_probe tests/test_copy \
	tests/test_copy_trouble
check_PROGRAMS += $(volume_tests)
TESTS += $(volume_tests)
tests_test_volume_SOURCES = tests/test_volume.c tests/volume_place.c tests/volume_place.h
tests_test_volume_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_volume_write_SOURCES = tests/test_volume_write.c tests/volume_place.c tests/volume_place.h
tests_test_volume_write_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_volume_probe_SOURCES = tests/test_volume_probe.c
tests_test_volume_probe_LDADD = tests/libsupport.a $(TEST_LDADD)
copy_place = tests/copy_place.c tests/copy_place.h $(ntfolder)
tests_test_copy_SOURCES = tests/test_copy.c $(copy_place)
tests_test_copy_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_copy_trouble_SOURCES = tests/test_copy_trouble.c $(copy_place)
tests_test_copy_trouble_LDADD = tests/libsupport.a $(TEST_LDADD)
endif

if HAVE_CMOCKA
check_PROGRAMS += tests/ntfs_check
tests_ntfs_check_SOURCES = tests/ntfs_check.c tests/ntfs_place.c tests/ntfs_place.h $(ntfolder)
tests_ntfs_check_LDADD = tests/libsupport.a $(TEST_LDADD)
TESTS += tests/ntfs.test
endif
EXTRA_DIST += tests/ntfs.test

# The link to the helper, with a helper that plays.
if HAVE_CMOCKA
check_PROGRAMS += tests/test_link tests/fake_smb
TESTS += tests/test_link
tests_test_link_SOURCES = tests/test_link.c
tests_test_link_LDADD = $(TEST_LDADD)
tests_fake_smb_SOURCES = tests/fake_smb.c
tests_fake_smb_LDADD = src/base/libbase.a $(TALLOC_LIBS)
endif
