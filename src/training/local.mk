# Faults, cases, score. Cases and faults are text; a small program of awk makes a table of each.
noinst_LIBRARIES += src/training/libtraining.a
CORE_LIBS += src/training/libtraining.a
training_cases =
src_training_libtraining_a_SOURCES = src/training/case.c src/training/case.h src/training/case_build.c src/training/case_parse.c src/training/case_rows.c \
	src/training/byhand.c src/training/byhand.h src/training/fault.h src/training/score_byhand.c \
	src/training/lesson.c src/training/lesson.h src/training/lesson_internal.h src/training/lesson_place.c src/training/lesson_file.c \
	src/training/lesson_marks.c src/training/lesson_marks_file.c src/training/marks.c src/training/marks.h src/training/lesson_tips.c src/training/lesson_propose.c src/training/lesson_end.c \
	src/training/classroom.c src/training/classroom.h src/training/results.c src/training/results_table.c \
	src/training/score.c src/training/score.h src/training/score_internal.h src/training/score_rows.c src/training/score_strays.c \
	src/training/score_text.c src/training/score_loss.c src/training/score_mail.c
nodist_src_training_libtraining_a_SOURCES = src/training/cases_data.c src/training/faults_data.c
# In teaching order.
include src/training/cases/local.mk
src/training/cases_data.c: $(training_cases) src/training/embed.awk src/training/cases/local.mk
	$(AM_V_GEN)$(MKDIR_P) src/training && (cd $(srcdir) && LC_ALL=C $(AWK) -f src/training/embed.awk $(training_cases)) >$@.new && mv $@.new $@
src/training/faults_data.c: src/training/faults.desktop src/training/faults.awk
	$(AM_V_GEN)$(MKDIR_P) src/training && (cd $(srcdir) && LC_ALL=C $(AWK) -f src/training/faults.awk src/training/faults.desktop) >$@.new && mv $@.new $@
CLEANFILES += src/training/cases_data.c src/training/cases_data.c.new src/training/faults_data.c src/training/faults_data.c.new
EXTRA_DIST += src/training/faults.desktop src/training/faults.awk src/training/embed.awk src/training/case_texts.awk \
	src/training/cases/texts.desktop $(training_cases)
