if HAVE_CMOCKA
training_tests = tests/test_fault tests/test_case tests/test_score tests/test_lesson tests/test_lesson_end tests/test_classroom
check_PROGRAMS += $(training_tests) tests/case_players
TESTS += $(training_tests) tests/train.test
tests_case_players_SOURCES = tests/case_players.c tests/players.c tests/players.h
tests_case_players_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_fault_SOURCES = tests/test_fault.c tests/players.c tests/players.h
tests_test_fault_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_case_SOURCES = tests/test_case.c tests/players.c tests/players.h
tests_test_case_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_score_SOURCES = tests/test_score.c tests/players.c tests/players.h tests/flow.c tests/flow.h
tests_test_score_LDADD = tests/libsupport.a $(TEST_LDADD)
ground = tests/ground.c tests/ground.h tests/players.c tests/players.h
tests_test_lesson_SOURCES = tests/test_lesson.c $(ground)
tests_test_lesson_end_SOURCES = tests/test_lesson_end.c $(ground)
tests_test_lesson_end_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_lesson_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_classroom_SOURCES = tests/test_classroom.c
tests_test_classroom_LDADD = tests/libsupport.a $(TEST_LDADD)

cases: tests/case_players$(EXEEXT)
	@work=$$(mktemp -d) && tests/case_players $$work $(SEED); status=$$?; rm -rf "$$work"; exit $$status
endif
# `make cases`: every case played by all three players, for SEED.
SEED = 1
.PHONY: cases
EXTRA_DIST += tests/cases.test tests/train.test
