if HAVE_CMOCKA
run_tests = tests/test_rehearse tests/test_record tests/test_reached tests/test_runfolder tests/test_runs tests/test_journal tests/test_engine \
	tests/test_engine_refused tests/test_undo tests/test_undo_refused tests/test_foreign_hand tests/test_forged \
	tests/test_resume tests/test_left_open tests/test_report tests/test_report_undo tests/test_verdict tests/test_put_back
check_PROGRAMS += $(run_tests) tests/cut_matrix tests/forger
# Those that start the program hundreds of times: left out where each start takes long.
many_starts = tests/told.test tests/cases.test tests/doors.test tests/forge.test tests/chroot.test
TESTS += $(many_starts)
TESTS += $(run_tests) tests/cut.test tests/commands.test tests/room.test
bench_run = tests/bench_run.c tests/bench_run.h tests/cut_tree.c tests/cut_tree.h tests/lab.c tests/lab.h
tests_test_rehearse_SOURCES = tests/test_rehearse.c $(bench_run)
tests_test_rehearse_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_record_SOURCES = tests/test_record.c $(bench_run)
tests_test_record_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_reached_SOURCES = tests/test_reached.c
tests_test_reached_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_runfolder_SOURCES = tests/test_runfolder.c tests/run_place.h
tests_test_runfolder_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_runs_SOURCES = tests/test_runs.c tests/run_place.h
tests_test_runs_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_journal_SOURCES = tests/test_journal.c
tests_test_journal_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_engine_SOURCES = tests/test_engine.c tests/regfile_read.c tests/regfile_read.h $(bench_run)
tests_test_engine_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_engine_refused_SOURCES = tests/test_engine_refused.c $(bench_run)
tests_test_engine_refused_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_undo_SOURCES = tests/test_undo.c $(bench_run)
tests_test_undo_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_undo_refused_SOURCES = tests/test_undo_refused.c tests/hand.c tests/hand.h $(bench_run)
tests_test_undo_refused_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_foreign_hand_SOURCES = tests/test_foreign_hand.c tests/hand.c tests/hand.h $(bench_run)
tests_test_foreign_hand_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_forged_SOURCES = tests/test_forged.c $(bench_run)
tests_test_forged_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_resume_SOURCES = tests/test_resume.c $(bench_run)
tests_test_resume_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_left_open_SOURCES = tests/test_left_open.c $(bench_run)
tests_test_left_open_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_report_SOURCES = tests/test_report.c $(bench_run)
tests_test_report_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_put_back_SOURCES = tests/test_put_back.c $(bench_run)
tests_test_put_back_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_verdict_SOURCES = tests/test_verdict.c
tests_test_verdict_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_report_undo_SOURCES = tests/test_report_undo.c $(bench_run)
tests_test_report_undo_LDADD = tests/libsupport.a $(TEST_LDADD)
cut_box = tests/cut_box.c tests/cut_box.h tests/cut_judge.c tests/cut_tree.c tests/cut_tree.h
tests_cut_matrix_SOURCES = tests/cut_matrix.c $(cut_box)
tests_cut_matrix_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_forger_SOURCES = tests/forger.c tests/forge.c tests/forge_smart.c tests/forge.h $(cut_box)
tests_forger_LDADD = tests/libsupport.a $(TEST_LDADD)
check_DATA = tests/cut_preload.so tests/memory_preload.so
endif
EXTRA_DIST += tests/cut.test tests/forge.test tests/matrix.sh tests/matrix_disks.sh tests/cut_preload.c tests/memory_preload.c tests/commands.test tests/room.test tests/doors.test
CLEANFILES += tests/cut_preload.so tests/memory_preload.so

# Stands between the program and the C library, so it is no part of either and carries no sanitizer.
tests/cut_preload.so tests/memory_preload.so:
	$(AM_V_CC)mkdir -p tests && $(CC) -std=c17 -D_GNU_SOURCE $(WARN_CFLAGS) -O1 -g -shared -fPIC \
		-o $@ $(srcdir)/$(@:.so=.c) -ldl
tests/cut_preload.so: tests/cut_preload.c
tests/memory_preload.so: tests/memory_preload.c

# Every point in every way, each ending, on every file system there is, however long it takes.
.PHONY: matrix
matrix: all tests/cut_matrix tests/regf_tool tests/cut_preload.so
	top_builddir=. srcdir=$(srcdir) $(SHELL) $(srcdir)/tests/matrix.sh

# Disks for run folders of every size, every training case, cut at each tenth.
.PHONY: room
room: all tests/cut_preload.so
	ROOM_SIZES="$$(seq 16 4 1280)" ROOM_PARTS="1 2 3 4 5 6 7 8 9" \
		ROOM_CASES="$$(./msmcfix train --list | awk '!/^(nothing-wrong|no-room|dirty-hive|power-cut|late-mail|both-alive|everything) / { print $$1 }') large" \
		top_builddir=. $(SHELL) $(srcdir)/tests/room.test

# Every combination of who else writes to the registry, when, and what comes next; every limit in every front end.
.PHONY: hands limits
hands: all tests/test_foreign_hand
	HANDS_EVERY=1 srcdir=$(srcdir) tests/test_foreign_hand
limits: all tests/cut_preload.so tests/memory_preload.so
	LIMITS=all top_builddir=. $(SHELL) $(srcdir)/tests/limits.test

# Forged records in hundreds of ways: what undo and resume write because of them. FORGE_SEED draws others.
.PHONY: forge
forge: all tests/forger tests/cut_preload.so
	./tests/forger $(abs_builddir)/msmcfix $(abs_builddir)/tests/cut_preload.so 0 $(FORGE_SEED)
