#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Two tarballs of this source folder, made in two places by two hands, are the same bytes. For make dist-twice.
set -eu
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y configure.ac)}
export SOURCE_DATE_EPOCH

copied() { # FOLDER
	mkdir -p "$work/$1/tree"
	if git ls-files -z --cached --others --exclude-standard >"$work/files" 2>/dev/null; then
		tar -cf - --no-recursion --ignore-failed-read --null -T "$work/files" 2>/dev/null
	else
		tar -cf - --exclude='./build*' .
	fi | tar -xmf - -C "$work/$1/tree"
}
tarball() { # FOLDER
	(cd "$work/$1/tree" && ./bootstrap && mkdir build && cd build && ../configure -q && make dist) >"$work/$1.log" 2>&1 ||
		{ tail -n 20 "$work/$1.log"; exit 1; }
	mv "$work/$1"/tree/build/*.tar.xz "$work/$1.tar.xz"
}

(umask 022 && copied one)
sleep 2
(umask 007 && copied another-place)
(umask 022 && TZ=UTC LC_ALL=C tarball one) &
(umask 007 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 tarball another-place)
wait $!
cmp "$work/one.tar.xz" "$work/another-place.tar.xz" && echo "the same bytes twice: $(sha256sum <"$work/one.tar.xz")" || {
	for name in one another-place; do
		mkdir "$work/$name.open" && tar -xf "$work/$name.tar.xz" -C "$work/$name.open"
	done
	diff -r "$work/one.open" "$work/another-place.open" | head -40
	exit 1
}
