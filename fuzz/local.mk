# What every parser must stand: targets for libFuzzer, built by `make fuzz` alone, and their corpora, replayed by `make check`.
EXTRA_DIST += fuzz/fuzz.sh fuzz/replay.test fuzz/corpus fuzz/regf.dict fuzz/json.dict fuzz/case.dict fuzz/evt.dict
check_LIBRARIES += fuzz/libtargets.a
fuzz_libtargets_a_SOURCES = fuzz/fuzz.h fuzz/feed.c fuzz/text.c fuzz/path.c fuzz/value.c fuzz/data.c fuzz/regfile.c \
	fuzz/regf.c fuzz/edit.c fuzz/build.c fuzz/version.c fuzz/plan.c fuzz/journal.c fuzz/case.c fuzz/evidence.c \
	fuzz/rpc.c fuzz/frames.c fuzz/diskkey.c fuzz/image.c fuzz/evt.c fuzz/maillog.c fuzz/mail_before.c \
	tests/regfile_read.c tests/regfile_read.h
FUZZ_WITH = fuzz/libtargets.a $(CORE_LDADD)

check_PROGRAMS += fuzz/replay
fuzz_replay_SOURCES = fuzz/replay.c
fuzz_replay_LDADD = $(FUZZ_WITH)
TESTS += fuzz/replay.test tests/hostile.test
EXTRA_DIST += tests/hostile.test

FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
fuzz_programs = \
	fuzz/fuzz_text fuzz/fuzz_path fuzz/fuzz_value fuzz/fuzz_data fuzz/fuzz_regfile fuzz/fuzz_regwrite \
	fuzz/fuzz_regf fuzz/fuzz_edit fuzz/fuzz_build fuzz/fuzz_version fuzz/fuzz_plan fuzz/fuzz_journal \
	fuzz/fuzz_report fuzz/fuzz_case fuzz/fuzz_evidence fuzz/fuzz_rpc fuzz/fuzz_descriptor \
	fuzz/fuzz_frames fuzz/fuzz_diskkey fuzz/fuzz_image fuzz/fuzz_evt fuzz/fuzz_maillog \
	fuzz/fuzz_mail_before
EXTRA_PROGRAMS += $(fuzz_programs)
fuzz_fuzz_text_SOURCES = fuzz/main.c
fuzz_fuzz_text_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_text
fuzz_fuzz_text_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_text_LDADD = $(FUZZ_WITH)
fuzz_fuzz_path_SOURCES = fuzz/main.c
fuzz_fuzz_path_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_path
fuzz_fuzz_path_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_path_LDADD = $(FUZZ_WITH)
fuzz_fuzz_value_SOURCES = fuzz/main.c
fuzz_fuzz_value_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_value
fuzz_fuzz_value_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_value_LDADD = $(FUZZ_WITH)
fuzz_fuzz_data_SOURCES = fuzz/main.c
fuzz_fuzz_data_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_data
fuzz_fuzz_data_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_data_LDADD = $(FUZZ_WITH)
fuzz_fuzz_regfile_SOURCES = fuzz/main.c
fuzz_fuzz_regfile_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_regfile
fuzz_fuzz_regfile_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_regfile_LDADD = $(FUZZ_WITH)
fuzz_fuzz_regwrite_SOURCES = fuzz/main.c
fuzz_fuzz_regwrite_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_regwrite
fuzz_fuzz_regwrite_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_regwrite_LDADD = $(FUZZ_WITH)
fuzz_fuzz_regf_SOURCES = fuzz/main.c
fuzz_fuzz_regf_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_regf
fuzz_fuzz_regf_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_regf_LDADD = $(FUZZ_WITH)
fuzz_fuzz_edit_SOURCES = fuzz/main.c
fuzz_fuzz_edit_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_edit
fuzz_fuzz_edit_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_edit_LDADD = $(FUZZ_WITH)
fuzz_fuzz_build_SOURCES = fuzz/main.c
fuzz_fuzz_build_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_build
fuzz_fuzz_build_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_build_LDADD = $(FUZZ_WITH)
fuzz_fuzz_version_SOURCES = fuzz/main.c
fuzz_fuzz_version_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_version
fuzz_fuzz_version_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_version_LDADD = $(FUZZ_WITH)
fuzz_fuzz_plan_SOURCES = fuzz/main.c
fuzz_fuzz_plan_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_plan
fuzz_fuzz_plan_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_plan_LDADD = $(FUZZ_WITH)
fuzz_fuzz_journal_SOURCES = fuzz/main.c
fuzz_fuzz_journal_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_journal
fuzz_fuzz_journal_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_journal_LDADD = $(FUZZ_WITH)
fuzz_fuzz_report_SOURCES = fuzz/main.c
fuzz_fuzz_report_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_report
fuzz_fuzz_report_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_report_LDADD = $(FUZZ_WITH)
fuzz_fuzz_case_SOURCES = fuzz/main.c
fuzz_fuzz_case_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_case
fuzz_fuzz_case_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_case_LDADD = $(FUZZ_WITH)
fuzz_fuzz_evidence_SOURCES = fuzz/main.c
fuzz_fuzz_evidence_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_evidence
fuzz_fuzz_evidence_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_evidence_LDADD = $(FUZZ_WITH)
fuzz_fuzz_rpc_SOURCES = fuzz/main.c
fuzz_fuzz_rpc_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_rpc
fuzz_fuzz_rpc_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_rpc_LDADD = $(FUZZ_WITH)
fuzz_fuzz_descriptor_SOURCES = fuzz/main.c
fuzz_fuzz_descriptor_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_descriptor
fuzz_fuzz_descriptor_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_descriptor_LDADD = $(FUZZ_WITH)
fuzz_fuzz_frames_SOURCES = fuzz/main.c
fuzz_fuzz_frames_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_frames
fuzz_fuzz_frames_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_frames_LDADD = $(FUZZ_WITH)
fuzz_fuzz_diskkey_SOURCES = fuzz/main.c
fuzz_fuzz_diskkey_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_diskkey
fuzz_fuzz_diskkey_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_diskkey_LDADD = $(FUZZ_WITH)
fuzz_fuzz_image_SOURCES = fuzz/main.c
fuzz_fuzz_image_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_image
fuzz_fuzz_image_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_image_LDADD = $(FUZZ_WITH)
fuzz_fuzz_evt_SOURCES = fuzz/main.c
fuzz_fuzz_evt_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_evt
fuzz_fuzz_evt_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_evt_LDADD = $(FUZZ_WITH)
fuzz_fuzz_maillog_SOURCES = fuzz/main.c
fuzz_fuzz_maillog_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_maillog
fuzz_fuzz_maillog_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_maillog_LDADD = $(FUZZ_WITH)
fuzz_fuzz_mail_before_SOURCES = fuzz/main.c
fuzz_fuzz_mail_before_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET=fuzz_mail_before
fuzz_fuzz_mail_before_LDFLAGS = $(FUZZ_LINK)
fuzz_fuzz_mail_before_LDADD = $(FUZZ_WITH)

.PHONY: fuzz-programs fuzz
fuzz-programs: $(fuzz_programs)

# FUZZ_RUNS executions of each of FUZZ_TARGETS, one after the other, in a build of its own below this one. Ends non-zero on a finding.
FUZZ_RUNS = 10000000
FUZZ_TARGETS =
fuzz:
	@test -n '$(FUZZ_CC)' || { echo 'make fuzz needs clang with libFuzzer.'; exit 1; }
	$(MKDIR_P) fuzzing
	cd fuzzing && { test -e config.status || $(abs_top_srcdir)/configure -q --enable-fuzz CC='$(FUZZ_CC)' CFLAGS='-O2 -g'; }
	cd fuzzing && $(MAKE) $(AM_MAKEFLAGS) fuzz-programs
	cd fuzzing && $(SHELL) $(abs_top_srcdir)/fuzz/fuzz.sh $(FUZZ_RUNS) $(FUZZ_TARGETS)

# Disks and run folders made to hurt, with folders of more names than a test of every day should make.
HOSTILE_NAMES = 100000
.PHONY: hostile
hostile: all
	HOSTILE_NAMES=$(HOSTILE_NAMES) top_builddir=. $(SHELL) $(srcdir)/tests/hostile.test
