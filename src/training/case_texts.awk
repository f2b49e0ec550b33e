# SPDX-License-Identifier: GPL-3.0-or-later
# The texts of the built-in cases in the form of a desktop entry, which xgettext reads: as case_parse.c takes them apart.
function put(text) {
	gsub(/^[ \t]+|[ \t]+$/, "", text)
	gsub(/\\/, "\\\\&", text)
	if (text != "") print "Title=" text
}
function finish(   word, text, parts, i, count) {
	word = line
	sub(/:.*/, "", word)
	text = line
	sub(/^[^:]*:[ \t]*/, "", text)
	line = ""
	if (word == "case") print "\n[" text "]"
	else if (word ~ /^(title|story|right|wrong)$/) put(text)
	else if (word == "ask") put(substr(text, index(text, " ")))
	else if (word == "expect" && match(text, / (change|keep|leave|refuse) [0-9]+ (trap )?/)) put(substr(text, RSTART + RLENGTH))
	else if (word == "tip") {
		count = split(text, parts, "|")
		for (i = 2; i <= count; i++) put(parts[i])
	}
}
BEGIN { print "# SPDX-License-Identifier: GPL-3.0-or-later\n# Made from the cases by case_texts.awk (make potfiles)." }
FNR == 1 { finish() }
/^#/ || /^$/ { next }
/^[ \t]/ {
	sub(/^[ \t]+/, "")
	line = line " " $0
	next
}
{
	finish()
	line = $0
}
END { finish() }
