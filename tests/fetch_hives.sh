#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# fetch_hives.sh FOLDER: fetches the public registry files that tests read (tests/hives.sha256), from the repositories they were published in (licences: GPL-3.0,
# MIT, Apache-2.0, LGPL-2.1). Nothing runs this by itself. What is not what the list says is not kept; what is there already is not fetched again. The
# folder appears when all of them are there: MSMCFIX_HIVES=FOLDER make check. HIVES_FROM: another place with the same paths.
LC_ALL=C
export LC_ALL
list=$(cd "$(dirname "$0")" && pwd)/hives.sha256
from=${HIVES_FROM:-https://raw.githubusercontent.com}
[ $# = 1 ] || { echo "Usage: fetch_hives.sh FOLDER" >&2; exit 64; }
folder=${1%/}
[ ! -e "$folder" ] || { echo "$folder is there already."; exit 0; }
part=$folder.part
fetched=$part/fetched

address() { # of a name in the list
	case $1 in
	yarp/*) echo "$from/msuhanov/yarp/HEAD/hives_for_tests/${1#yarp/}" ;;
	ez/*) echo "$from/EricZimmerman/Registry/HEAD/Registry.Test/Hives/${1#ez/}" ;;
	qthivex/*) echo "$from/kupiakos/qthivex/HEAD/hives/${1#qthivex/}" ;;
	hivex/*) echo "$from/libguestfs/hivex/HEAD/images/${1#hivex/}" ;;
	python-registry/*) echo "$from/williballenthin/python-registry/HEAD/tests/reg_samples/${1#python-registry/}" ;;
	esac
}
if command -v curl >/dev/null; then get() { curl -fsSL --retry 2 --max-time 120 --max-filesize 4000000 -o "$fetched" "$1"; }
elif command -v wget >/dev/null; then get() { wget -q --tries=2 --timeout=60 -O "$fetched" "$1"; }
else
	echo "curl or wget is needed." >&2
	exit 69
fi
is() { printf '%s  %s\n' "$1" "$2" | sha256sum --status -c - 2>/dev/null; }

failed=0 count=0
mkdir -p "$part" || exit 73
trap 'rm -f "$fetched"' EXIT
while read -r digest name; do
	count=$((count + 1))
	is "$digest" "$part/$name" && continue
	rm -f "$fetched"
	if ! get "$(address "$name")" </dev/null; then
		why="could not be fetched"
	elif ! is "$digest" "$fetched"; then
		why="is not the file that was tested with"
	else
		mkdir -p "$part/${name%/*}" && mv "$fetched" "$part/$name" && continue
		why="could not be kept"
	fi
	echo "$name $why: $(address "$name")" >&2
	failed=$((failed + 1))
done <"$list"
if [ "$failed" -gt 0 ]; then
	echo "$failed of $count are missing. The others are kept in $part; call this again." >&2
	exit 1
fi
rm -f "$fetched"
mv "$part" "$folder" && echo "$count registry files are in $folder."
