# The house itself: who uses whom, what is translated, what can be counted of the style.
house_tests = tests/rooms.test tests/potfiles.test tests/style.test
TESTS += $(house_tests)
EXTRA_DIST += $(house_tests)

# Writes po/POTFILES.in anew: every file with a sentence for a translator.
.PHONY: potfiles
potfiles:
	cd $(srcdir) && find src ui helpers -name '*.[ch]' ! -name i18n.h | LC_ALL=C sort | \
		xargs grep -lE '(^|[^A-Za-z0-9_])(N?_|d?n?gettext)[[:blank:]]*\(' >po/POTFILES.new && mv po/POTFILES.new po/POTFILES.in
