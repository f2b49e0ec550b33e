# SPDX-License-Identifier: GPL-3.0-or-later
# README with its pages as they are now: below a line that ends with "(tests/pages/NAME.txt):" stands that page, indented.
# Run with -v top=the source folder.
skipping && (/^    / || /^$/) { next }
{ skipping = 0; print }
/\(tests\/pages\/[a-z.-]+-80x24\.txt\):$/ {
	page = $0
	sub(/^.*\(/, "", page)
	sub(/\):$/, "", page)
	print ""
	# The cursor, and the roles behind it, are for the tests.
	while ((more = (getline line < (top "/" page))) > 0 && line !~ /^\(cursor: /)
		print line == "" ? "" : "    " line
	if (more < 0) {
		print "readme.awk: " page " cannot be read" >"/dev/stderr"
		exit 1
	}
	print ""
	skipping = 1
}
