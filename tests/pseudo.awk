# SPDX-License-Identifier: GPL-3.0-or-later
# A language that is English, only 40 % longer: vowels are drawn out, % marks and escapes stay. Reads a catalogue that
# msgen made, with --no-wrap.
function longer(text,    i, n, c, out, vowels, extra, here) {
	n = length(text)
	for (i = 1; i <= n; i++)
		vowels += substr(text, i, 1) ~ /[aeiou]/
	extra = int(n * 0.4 + 0.5)
	for (i = 1; i <= n; i++) {
		c = substr(text, i, 1)
		if (c == "\\") {
			out = out substr(text, i++, 2)
			continue
		}
		if (c == "%" && match(substr(text, i + 1), /^[0-9$.*+-]*(<[A-Za-z0-9]+>|[hlzjt]*[a-zA-Z%])/)) {
			out = out substr(text, i, RLENGTH + 1)
			i += RLENGTH
			continue
		}
		out = out c
		if (c !~ /[aeiou]/ || extra <= 0)
			continue
		for (here = int(extra / vowels-- + 0.99); here > 0; here--) {
			out = out "\303\266"
			extra--
		}
	}
	return out
}

/^msgid ""$/ && !begun { begun = header = 1 }
/^$/ { header = 0; context = "" }
/^msgctxt/ { context = $0 }
/^msgstr/ { translated = 1 }
/^(msgid|#|$)/ { translated = 0 }
translated && !header && !context && match($0, /"/) {
	at = RSTART
	print substr($0, 1, at) longer(substr($0, at + 1, length($0) - at - 1)) "\""
	next
}
{ print }
