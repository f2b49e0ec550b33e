#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# pages.sh TOP FOLDER: the pages for readers, from those that the tests compare with (TOP/tests/pages): each once, at 80x24, without cursor and
# roles; and a README that says which step each of them is.
set -e
top=$1 folder=$2
LC_ALL=C
export LC_ALL
mkdir -p "$folder"
rm -f "$folder"/*.txt
for page in "$top"/tests/pages/*-80x24.txt; do
	name=$(basename "$page" -80x24.txt)
	awk '/^\(cursor: /{ exit } { print }' "$page" >"$folder/$name.txt"
	title=$(sed -n '2s/^[ ]*//p' "$folder/$name.txt")
	key=$title
	case $name,$title in
	lesson* | exam* | debrief* | train*) part=5 ;;
	diagnosis* | pcmta* | ready* | reach* | signin* | dialect* | letters* | first* | start*) part=1 key=$name ;;
	*,Step\ *) part=2 ;;
	carry* | ending* | beneath* | work*) part=3 ;;
	*) part=4 ;;
	esac
	printf '%s\t%s\t%s\t%s\n' $part "$key" "$name.txt" "$title"
done | sort -t "$(printf '\t')" -k 1,1 -k 2,2 -k 3,3 | awk -F '\t' '
	BEGIN {
		print "Each page of msmcfix at 80x24, made by `make readme` from the pages in tests/pages.\n" \
			"NAME-decided.txt is the same page when all is decided, NAME-question.txt asks."
		part[1] = "Before the steps"
		part[2] = "The six steps"
		part[3] = "Writing, between step 4 and step 5"
		part[4] = "Later: when a run waits, ends or is put back"
		part[5] = "Training"
	}
	$1 != last { print "\n" part[$1] "\n"; last = $1 }
	{ printf "  %-30s %s\n", $3, $4 }' >"$folder/README.new"
mv "$folder/README.new" "$folder/README"
