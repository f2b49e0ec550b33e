# SPDX-License-Identifier: GPL-3.0-or-later
# README with its pages as they are now: below a line that ends with "(doc/pages/NAME.txt):" stands that page, indented.
# Run with -v top=the source folder.
skipping && (/^    / || /^$/) { next }
{ skipping = 0; print }
/\(doc\/pages\/[a-z.-]+\.txt\):$/ {
	page = $0
	sub(/^.*\(/, "", page)
	sub(/\):$/, "", page)
	print ""
	while ((more = (getline line < (top "/" page))) > 0)
		print line == "" ? "" : "    " line
	if (more < 0) {
		print "readme.awk: " page " cannot be read" >"/dev/stderr"
		exit 1
	}
	print ""
	skipping = 1
}
