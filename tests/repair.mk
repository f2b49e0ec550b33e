if HAVE_CMOCKA
survey_tests = tests/test_article tests/test_finding tests/test_survey tests/test_survey_pcmta tests/test_survey_files \
	tests/test_survey_share tests/test_survey_server tests/test_survey_msmcon tests/test_survey_trouble
survey_rows = tests/survey_rows.c tests/survey_rows.h tests/lab.c tests/lab.h
check_PROGRAMS += $(survey_tests)
TESTS += $(survey_tests)
tests_test_article_SOURCES = tests/test_article.c
tests_test_article_LDADD = $(TEST_LDADD)
tests_test_finding_SOURCES = tests/test_finding.c
tests_test_finding_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_survey_SOURCES = tests/test_survey.c $(survey_rows)
tests_test_survey_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_survey_pcmta_SOURCES = tests/test_survey_pcmta.c $(survey_rows)
tests_test_survey_pcmta_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_survey_files_SOURCES = tests/test_survey_files.c $(survey_rows)
tests_test_survey_files_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_survey_share_SOURCES = tests/test_survey_share.c $(survey_rows)
tests_test_survey_share_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_survey_server_SOURCES = tests/test_survey_server.c $(survey_rows)
tests_test_survey_server_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_survey_msmcon_SOURCES = tests/test_survey_msmcon.c $(survey_rows)
tests_test_survey_msmcon_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_survey_trouble_SOURCES = tests/test_survey_trouble.c tests/lab.c tests/lab.h
tests_test_survey_trouble_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_survey_trouble_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=volume_probe
check_PROGRAMS += tests/test_plan tests/test_change
TESTS += tests/test_plan tests/test_change
tests_test_plan_SOURCES = tests/test_plan.c tests/lab.c tests/lab.h
tests_test_plan_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_change_SOURCES = tests/test_change.c tests/lab.c tests/lab.h
tests_test_change_LDADD = tests/libsupport.a $(TEST_LDADD)
mail_look_tests = tests/test_mail_before tests/test_mail_look tests/test_mail_heard
check_PROGRAMS += $(mail_look_tests)
TESTS += $(mail_look_tests)
watched = tests/watched.c tests/watched.h tests/lab.c tests/lab.h
tests_test_mail_before_SOURCES = tests/test_mail_before.c $(watched)
tests_test_mail_before_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_mail_heard_SOURCES = tests/test_mail_heard.c tests/evt_write.c tests/evt_write.h $(watched)
tests_test_mail_heard_LDADD = tests/libsupport.a $(TEST_LDADD)
tests_test_mail_look_SOURCES = tests/test_mail_look.c tests/evt_write.c tests/evt_write.h $(watched)
tests_test_mail_look_LDADD = tests/libsupport.a $(TEST_LDADD)
endif
TESTS += tests/check.test
EXTRA_DIST += tests/check.test
