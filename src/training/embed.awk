# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the table of built-in cases: their text as C strings, with name, title and level beside it so that a list needs no reading.
function quoted(text) {
	gsub(/\\/, "\\\\&", text)
	gsub(/"/, "\\\\&", text)
	return "\"" text "\""
}
function finish() {
	if (count) printf "\t\"\";\n\n"
}
BEGIN {
	print "/* Made from src/training/cases by embed.awk. */"
	print "#include \"training/case.h\"\n"
}
FNR == 1 {
	finish()
	count++
	printf "static const char TEXT_%d[] =\n", count
}
/^case: / { name[count] = substr($0, 7) }
/^title: / { title[count] = substr($0, 8) }
/^level: / { level[count] = substr($0, 8) }
{
	line = quoted($0)
	printf "\t%s\\n\"\n", substr(line, 1, length(line) - 1)
}
END {
	finish()
	print "static const struct case_name NAMES[] = {"
	for (i = 1; i <= count; i++) printf "\t{ %s, %s, %d, TEXT_%d, sizeof TEXT_%d - 1 },\n", quoted(name[i]), quoted(title[i]), level[i], i, i
	print "};\n"
	print "const struct case_name *cases(size_t *count)\n{\n\t*count = sizeof NAMES / sizeof *NAMES;\n\treturn NAMES;\n}\n"
}
