# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the table of faults from faults.desktop: its texts as they are, each Edit as a struct practice_edit.
function quoted(text) {
	gsub(/"/, "\\\"", text)
	return "\"" text "\""
}
function wrong(what) {
	print FILENAME ":" FNR ": " what | "cat >&2"
	failed = 1
	exit 1
}
# The words of an Edit, each the member that its operation has at that place; the last one takes the rest.
function edit(text,   words, members, count, i, word, out) {
	match(text, /^[a-z-]+/)
	word = substr(text, 1, RLENGTH)
	if (!(word in form)) wrong("no such edit: " word)
	count = split(form[word], members, " ")
	out = ".op = PRACTICE_" members[1]
	for (i = 2; i <= count; i++) {
		sub(/^[^ ]* /, "", text)
		word = text
		if (i < count) sub(/ .*/, "", word)
		if (members[i] ~ /^(where|type)$/ && !(word in code)) wrong("no such word: " word)
		if (members[i] ~ /^(path|name|text)$/) {
			gsub(/\\/, "\\\\&", word)
			word = quoted(word)
		} else if (members[i] == "number") {
			if (word in side) word = side[word]
		} else word = code[word]
		out = out ", ." members[i] " = " word
	}
	return out
}
function finish() {
	if (fault) rows = rows " .edits = EDITS_" count ", .edit_count = " edits " },\n"
	if (fault && edits) print "};\n"
	if (fault && !edits) sub("EDITS_" count, "NULL", rows)
}
BEGIN {
	form["set"] = "REG_SET where path name type text"
	form["drop"] = "REG_DROP where path name"
	form["lead"] = "REG_LEAD where path name number"
	form["select"] = "SELECT name number"
	form["security"] = "SHARE_SECURITY path number"
	form["dirty"] = "DIRTY"
	form["remove"] = "FILE_DROP where path"
	form["version"] = "FILE_VERSION where path text"
	form["add"] = "FILE_ADD where path text number"
	form["read-only"] = "FILE_READ_ONLY where"
	form["mail"] = "MAIL where number"
	form["room"] = "ROOM name number"
	form["service"] = "SERVICE name text"
	form["flow"] = "FLOW path name text"
	form["clock"] = "CLOCK number"
	form["name"] = "NAME name text"
	code["-"] = 0
	code["next"] = "PRACTICE_IN_DEFAULT_SET"
	code["other"] = "PRACTICE_IN_OTHER_SET"
	code["both"] = "PRACTICE_IN_DEFAULT_SET | PRACTICE_IN_OTHER_SET"
	code["alt"] = "PRACTICE_IN_DEFAULT_SET | PRACTICE_IN_ALT_ONLY"
	code["default"] = "PRACTICE_ON_DEFAULT"
	code["relocated"] = "PRACTICE_ON_RELOCATED"
	side["default"] = 0 # as lead has them
	side["relocated"] = 1
	code["string"] = "REG_SZ"
	code["expand"] = "REG_EXPAND_SZ"
	code["strings"] = "REG_MULTI_SZ"
	code["number"] = "REG_DWORD"
	print "/* Made from src/training/faults.desktop by faults.awk. */"
	print "#include \"nt/regdata.h\"\n#include \"training/fault.h\"\n"
}
/^#/ || /^$/ { next }
/^\[.*\]$/ {
	finish()
	fault = substr($0, 2, length($0) - 2)
	edits = 0
	rows = rows "\t{ .id = " quoted(fault) ","
	count++
	next
}
/^Flag=/ {
	sub(/^Flag=/, "")
	gsub(/-/, "_")
	rows = rows " .flags = PRACTICE_" toupper($0) ","
	next
}
/^Edit=/ {
	if (!edits++) print "static const struct practice_edit EDITS_" count "[] = {"
	print "\t{ " edit(substr($0, 6)) " },"
	next
}
/^(Title|Cause|Right|Consequence|Source)=/ {
	at = index($0, "=")
	rows = rows " ." tolower(substr($0, 1, at - 1)) " = " quoted(substr($0, at + 1)) ","
	next
}
{ wrong("no such key") }
END {
	if (failed) exit 1
	finish()
	printf "static const struct fault FAULTS[] = {\n%s};\n\n", rows
	print "const struct fault *faults(size_t *count)\n{\n\t*count = sizeof FAULTS / sizeof *FAULTS;\n\treturn FAULTS;\n}"
}
