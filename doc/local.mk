# The manual pages, the JSON that programs read, the guides, and the facts that the code rests on.
dist_man8_MANS = doc/msmcfix.8
dist_man5_MANS = doc/msmcfix-plan.5 doc/msmcfix-journal.5
dist_doc_DATA = README NEWS doc/cases.md doc/domain.md doc/hives.md doc/json.md doc/operating.md doc/security.md doc/training.md
schemadir = $(docdir)/schema
dist_schema_DATA = doc/schema/check.json doc/schema/plan.json doc/schema/report.json doc/schema/journal.json doc/schema/result.json
completiondir = $(datadir)/bash-completion/completions
dist_completion_DATA = doc/bash/msmcfix
EXTRA_DIST += tests/schema.test tests/schema.py
TESTS += tests/schema.test

# Keys and exit codes in the manual are the program's own tables.
check_PROGRAMS += doc/tables
doc_tables_SOURCES = doc/tables.c
doc_tables_LDADD = ui/wizard/libwizard.a src/base/libbase.a $(TALLOC_LIBS) $(LTLIBINTL)
.PHONY: manual
manual: doc/tables$(EXEEXT)
	doc/tables$(EXEEXT) <$(srcdir)/doc/msmcfix.8 >doc/manual.new && mv doc/manual.new $(srcdir)/doc/msmcfix.8
