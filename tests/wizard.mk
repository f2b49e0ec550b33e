# The walk and the two that draw it.
UI_LDADD = ui/wizard/libwizard.a ui/plain/libplain.a ui/guide/libguide.a $(CORE_LDADD) $(DIALOG_LIBS) $(NCURSES_LIBS)
if HAVE_CMOCKA
ui_tests = tests/test_layout tests/test_theme tests/test_keys tests/test_deeds tests/test_boxes tests/test_focus tests/test_box_pictures tests/test_input tests/test_compose tests/test_look tests/test_sizes tests/test_box_text tests/test_work_page tests/test_guide tests/test_live_walk tests/test_write tests/test_back tests/test_same_ids tests/test_plain tests/test_lesson_pages tests/test_work tests/test_first tests/test_paths tests/test_steps tests/test_password tests/test_signin tests/test_signin_box tests/test_mail_page tests/test_refresh
check_PROGRAMS += $(ui_tests)
TESTS += $(ui_tests)
walker = tests/walker.c tests/walker_normal.c tests/walker.h tests/flow.c tests/flow.h
samples = tests/sample_pages.c tests/sample_pages.h
live_double = tests/live_double.c tests/live_double.h tests/remote_double.c tests/remote_double.h
tests_test_layout_SOURCES = tests/test_layout.c
tests_test_layout_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_theme_SOURCES = tests/test_theme.c
tests_test_theme_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS) -lm
tests_test_keys_SOURCES = tests/test_keys.c
tests_test_keys_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_deeds_SOURCES = tests/test_deeds.c $(walker)
tests_test_deeds_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_boxes_SOURCES = tests/test_boxes.c tests/pty.c tests/pty.h
tests_test_boxes_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_focus_SOURCES = tests/test_focus.c tests/pty.c tests/pty.h
tests_test_focus_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
gallery = tests/gallery.c tests/gallery.h tests/senses.c tests/senses.h
tests_test_box_pictures_SOURCES = tests/test_box_pictures.c $(live_double) tests/pty.c tests/pty.h $(gallery) $(walker)
tests_test_box_pictures_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_input_SOURCES = tests/test_input.c tests/pty.c tests/pty.h $(walker)
tests_test_input_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_compose_SOURCES = tests/test_compose.c $(gallery) $(samples) $(walker)
tests_test_compose_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_look_SOURCES = tests/test_look.c $(gallery) $(samples) $(walker)
tests_test_look_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_sizes_SOURCES = tests/test_sizes.c $(samples) $(walker)
tests_test_sizes_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_box_text_SOURCES = tests/test_box_text.c $(gallery) $(samples) $(walker)
tests_test_box_text_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_work_page_SOURCES = tests/test_work_page.c $(gallery) $(samples) $(walker)
tests_test_work_page_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_guide_SOURCES = tests/test_guide.c $(walker)
tests_test_guide_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_live_walk_SOURCES = tests/test_live_walk.c tests/live_double.c tests/live_double.h $(walker)
tests_test_live_walk_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_live_walk_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=reach_server
tests_test_steps_SOURCES = tests/test_steps.c $(walker)
tests_test_steps_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_mail_page_SOURCES = tests/test_mail_page.c
tests_test_mail_page_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_refresh_SOURCES = tests/test_refresh.c tests/pty.c tests/pty.h
tests_test_refresh_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_back_SOURCES = tests/test_back.c $(walker)
tests_test_back_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_same_ids_SOURCES = tests/test_same_ids.c tests/pty.c tests/pty.h $(walker)
tests_test_same_ids_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_lesson_pages_SOURCES = tests/test_lesson_pages.c tests/marker.c tests/marker.h $(gallery) $(walker)
tests_test_lesson_pages_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_work_SOURCES = tests/test_work.c tests/pty.c tests/pty.h
tests_test_work_LDADD = $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_first_SOURCES = tests/test_first.c $(walker)
tests_test_first_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_paths_SOURCES = tests/test_paths.c $(walker)
tests_test_paths_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_write_SOURCES = tests/test_write.c $(walker)
tests_test_write_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_plain_SOURCES = tests/test_plain.c tests/lab.c tests/lab.h $(walker)
tests_test_plain_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_password_SOURCES = tests/test_password.c tests/pty.c tests/pty.h
tests_test_password_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_signin_SOURCES = tests/test_signin.c $(live_double) $(gallery) $(walker)
tests_test_signin_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
tests_test_signin_box_SOURCES = tests/test_signin_box.c $(live_double) tests/pty.c tests/pty.h $(walker)
tests_test_signin_box_LDADD = tests/libsupport.a $(UI_LDADD) $(CMOCKA_LIBS)
endif
ui_scripts = tests/host.test tests/resume.test tests/noterm.test tests/lesson.test
TESTS += $(ui_scripts)
EXTRA_DIST += $(ui_scripts) tests/wizard.test tests/pages

# The golden pages anew. Read every line of what it changed (git diff tests/pages) before it is believed.
.PHONY: pages
pages: tests/test_compose tests/test_signin tests/test_image_walk tests/test_lesson_pages tests/test_box_text tests/test_box_pictures tests/test_work_page
	rm -rf $(srcdir)/tests/pages/*
	for test in $^; do MSMCFIX_PAGES=write srcdir=$(srcdir) $$test || exit 1; done
	for language in de_DE ja_JP; do \
		MSMCFIX_PAGES=write srcdir=$(srcdir) TEST_LANGUAGE=$${language%_*} TEST_LOCALE=$$language.UTF-8 TEST_LOCALEDIR=$(abs_builddir)/locale \
			tests/test_compose || exit 1; done
	$(MAKE) $(AM_MAKEFLAGS) readme

# How fast the screen is, in a terminal of its own: its own bounds, numbers on standard output.
check_PROGRAMS += tests/pty_measure
tests_pty_measure_SOURCES = tests/pty_measure.c tests/pty.c tests/pty.h
tests_pty_measure_LDADD = $(TALLOC_LIBS)
.PHONY: measure
measure: all tests/pty_measure
	tests/pty_measure ./msmcfix
