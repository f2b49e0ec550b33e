# The house itself: who uses whom, what is translated, what can be counted of the style, the manual.
house_tests = tests/languages.test tests/readme.test tests/rooms.test tests/potfiles.test tests/style.test tests/format.test tests/manual.test \
	tests/locale.test tests/guides.test tests/install.test
TESTS += $(house_tests)
EXTRA_DIST += $(house_tests) tests/lsan.supp tests/pseudo.awk tests/readme.awk tests/pages.sh doc/pages

# Writes po/POTFILES.in anew: every file with a sentence for a translator; and what the cases have for one.
.PHONY: potfiles
potfiles:
	cd $(srcdir) && LC_ALL=C $(AWK) -f src/training/case_texts.awk $(training_cases) >src/training/cases/texts.desktop
	cd $(srcdir) && find src ui \( -name '*.[ch]' ! -name i18n.h \) -o -name '*.desktop' 2>/dev/null | LC_ALL=C sort | \
		xargs grep -lE '(^|[^A-Za-z0-9_])([NPC]?_|d?n?gettext)[[:blank:]]*\(|^Title=' >po/POTFILES.new && mv po/POTFILES.new po/POTFILES.in

# Brings doc/pages and the pages that README shows into step with tests/pages.
.PHONY: readme
readme:
	cd $(srcdir) && $(SHELL) tests/pages.sh . doc/pages && $(AWK) -v top=. -f tests/readme.awk README >README.new && mv README.new README

# Lines of src/ that the tests reach, in a build of its own below this one. Fails under 90 %.
.PHONY: coverage
coverage:
	$(MKDIR_P) coverage
	cd coverage && { test -e config.status || $(abs_top_srcdir)/configure -q --enable-coverage CC='$(CC)'; }
	cd coverage && find . -name '*.gcda' -exec rm -f {} +
	-cd coverage && $(MAKE) $(AM_MAKEFLAGS) -k check
	cd coverage && lcov -q --capture --directory . --output-file all.info && \
		lcov -q --extract all.info "$$(cd $(abs_top_srcdir)/src && pwd -P)/*" --output-file src.info
	cd coverage && lcov --list src.info && lcov --summary src.info 2>&1 | tee summary
	awk '/lines/ { sub(/%/, "", $$2); exit !($$2 >= 90) }' coverage/summary

# Lays out every C file as .clang-format says. Versions of clang-format differ: only this one.
CLANG_FORMAT = clang-format-14
.PHONY: format
format:
	cd $(srcdir) && find src ui helpers tests fuzz bench -name '*.[ch]' | sort | xargs $(CLANG_FORMAT) -i
