#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by tests of a server inside disk images. A practice server is put on two NTFS partitions once, by mkntfs and ntfs-3g, and all images of
# a test are put together from those. As root or as an ordinary user. All is below $lab, and ends with the test, however that ends.
#
#   lab_need                says with a reason that all is skipped, where something is missing
#   lab_server SCENARIO [SEED]    a practice server in $lab/server; then, if wanted, lab_kept
#   lab_kept mounted|disk LAYOUT  the hive says which letters the partitions of LAYOUT have, as Windows 2000 (mounted) or NT 4.0 (disk) keeps it
#   lab_parts [NAME]        its partitions: $lab/parts/NAME/C and E (NAME: standard)
#   lab_disk LAYOUT FILE [NAME]   a raw disk of them. LAYOUT: one (C, E), c, e (one disk each), ec (E before C), logical (E in an extended
#                           partition), gpt, none (a table without a partition). $signature (e: $signature_e), $type_c, $type_e
#   lab_image FORMAT RAW FILE     another format: qcow2, vmdk, vmdk-split, vpc, vpc-fixed, vhdx, vdi, ewf (FILE.E01)
#   lab_mount FILE FOLDER [OPTION,...]; lab_umount FOLDER     a partition, by ntfs-3g
#   lab_extract RAW LETTER FILE [LAYOUT]   a partition of a raw disk again
#   lab_tree FILE           all that is on a partition: names, content, attributes, 8.3 names, ACLs

PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
# What it makes goes where TMPDIR says, and is found there.
unset XDG_RUNTIME_DIR
case ${top_builddir:=.} in /*) ;; *) top_builddir=$PWD/$top_builddir ;; esac
case ${srcdir:=.} in /*) ;; *) srcdir=$PWD/$srcdir ;; esac
program=$top_builddir/msmcfix
lab_mounts=
signature=4d534d43 signature_e=4d534d45 type_c=7 type_e=7
# In tracks of 63 sectors, as a PC of 1999 counts.
lab_tracks=650
lab_track=32256

# What is missing for a lab, or nothing. IMAGE=none: not wanted.
lab_missing() {
	[ "${IMAGE:-}" != none ] || { echo "IMAGE=none"; return; }
	for tool in mkntfs ntfs-3g qemu-img qemu-storage-daemon nbdfuse fusermount3 sfdisk setfattr hivexregedit jq; do
		command -v $tool >/dev/null || { echo "no $tool"; return; }
	done
	[ -c /dev/fuse ] && (: <>/dev/fuse) 2>/dev/null || { echo "no /dev/fuse that may be opened"; return; }
	if [ "$(id -u)" = 0 ]; then unshare -m true 2>/dev/null; else unshare -c -m --keep-caps true 2>/dev/null; fi ||
		echo "no namespaces"
}
lab_need() {
	missing=$(lab_missing)
	if [ -n "$missing" ]; then
		echo "1..0 # SKIP $missing"
		exit 0
	fi
	lab=$(mktemp -d "${TMPDIR:-/tmp}/lab.XXXXXX") || exit 1
	trap lab_end EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	chmod 755 "$lab"
	mkdir -p "$lab/parts" "$lab/tmp"
}
lab_end() {
	for folder in $lab_mounts; do lab_umount "$folder"; done
	cd /
	chmod -R u+w "$lab"
	rm -rf "$lab"
}

lab_hive=C/WINNT/system32/config/SYSTEM
lab_server() {
	rm -rf "$lab/server"
	"$program" train --build "$lab/server" --scenario "$1" --seed "${2:-3}" >/dev/null || lab_bail "no server $1"
}
# Without what they are made for no test says anything.
lab_bail() {
	echo "Bail out! $1"
	exit 1
}
# lab_le BYTES NUMBER: little endian, as a .reg file has it, with a comma behind each.
lab_le() {
	number=$2
	for _ in $(seq "$1"); do
		printf '%02x,' $((number % 256))
		number=$((number / 256))
	done
}
# Where the partition of that letter begins in a layout, in tracks; and the signature of its disk.
lab_at() { # LAYOUT LETTER
	case $1$2 in
	oneE | ecC) echo $((lab_tracks + 2)) ;;
	logicalE) echo $((lab_tracks + 3)) ;;
	*) echo 1 ;;
	esac
}
lab_signature() { # LAYOUT LETTER
	if [ "$1$2" = twoE ]; then echo $((0x$signature_e)); else echo $((0x$signature)); fi
}
# The layouts as for lab_disk; two: c and e, and $signature_e.
lab_kept() { # mounted|disk LAYOUT
	if [ "$1" = mounted ]; then
		printf 'Windows Registry Editor Version 5.00\n\n[\\MountedDevices]\n'
		for letter in C E; do
			value=$(lab_le 4 "$(lab_signature "$2" $letter)")$(lab_le 8 $(($(lab_at "$2" $letter) * lab_track)))
			printf '"\\\\DosDevices\\\\%s:"=hex(3):%s\n' $letter "${value%,}"
		done
	else
		value=$(lab_information "$2")
		printf 'Windows Registry Editor Version 5.00\n\n[\\DISK]\n"Information"=hex(3):%s\n' "${value%,}"
	fi >"$lab/kept.reg"
	for file in "$lab/server/$lab_hive" "$lab/server/$lab_hive.ALT"; do
		[ ! -e "$file" ] || hivexregedit --merge "$file" "$lab/kept.reg"
	done
}
# DISK_REGISTRY of ntdskreg.h, packed to 4: header, disks, a disk's partitions.
lab_information() {
	disks=1
	[ "$1" != two ] || disks=2
	lab_le 4 3 && lab_le 8 0 && lab_le 4 44 && lab_le 4 $((4 + 8 * disks + 2 * 52)) && lab_le 24 0
	lab_le 4 $disks
	lab_kept_head $((3 - disks)) "$(lab_signature "$1" C)"
	lab_kept_partition "$1" 67
	[ $disks = 1 ] || lab_kept_head 1 "$(lab_signature "$1" E)"
	lab_kept_partition "$1" 69
}
lab_kept_head() { lab_le 4 "$1" && lab_le 4 "$2"; }
lab_kept_partition() { # LAYOUT LETTER
	letter=C number=1
	[ "$2" != 69 ] || letter=E
	[ "$letter$1" != Etwo ] && [ $letter = E ] && number=2
	size=$((lab_tracks * lab_track))
	lab_le 4 4 && lab_le 4 0 && lab_le 8 $(($(lab_at "$1" $letter) * lab_track)) && lab_le 8 $size && lab_le 8 $size && lab_le 8 0
	lab_le 1 "$2" && lab_le 1 1 && lab_le 2 $number && lab_le 8 0
}

lab_mount() { # FILE FOLDER [OPTION,...]
	mkdir -p "$2"
	ntfs-3g -o "no_detach${3:+,$3}" "$1" "$2" >"$lab/mount.log" 2>&1 </dev/null &
	eval "lab_pid_$(echo "$2" | tr -c 'A-Za-z0-9\n' _)=$!"
	lab_mounts="$lab_mounts $2"
	lab_wait $! grep -q " $2 fuse" /proc/self/mounts
}
lab_umount() { # FOLDER
	eval "lab_pid=\$lab_pid_$(echo "$1" | tr -c 'A-Za-z0-9\n' _)"
	umount "$1" 2>/dev/null || fusermount3 -u "$1" 2>/dev/null
	# The partition is whole only when that has ended.
	wait "$lab_pid"
	lab_mounts=$(echo "$lab_mounts " | sed "s: $1 : :; s/ *$//")
}
# lab_wait PID COMMAND...: until it says yes, ten seconds at most, or that process has ended.
lab_wait() {
	lab_for=$1 lab_tries=0
	shift
	until "$@"; do
		lab_tries=$((lab_tries + 1))
		[ $lab_tries -lt 1000 ] && kill -0 "$lab_for" 2>/dev/null || return 1
		sleep 0.01
	done
}

# Owner Administrators, group SYSTEM, Administrators alone have full control.
lab_acl=0x010004803000000040000000000000001400000002001c000100000000001400ff011f0001010000000000051200000001020000000000052000000020020000010100000000000512000000
lab_parts() { # [NAME]
	lab_in=$lab/parts/${1:-standard}
	mkdir "$lab_in"
	for letter in C E; do
		truncate -s $((lab_tracks * lab_track)) "$lab_in/$letter"
		mkntfs -F -Q -T -L "$letter-disk" -p 63 -H 255 -S 63 -s 512 "$lab_in/$letter" >/dev/null 2>&1 &&
			lab_mount "$lab_in/$letter" "$lab/m" && cp -r --preserve=timestamps "$lab/server/$letter/." "$lab/m/" || lab_bail "no partition $letter"
		# What only NTFS keeps: hidden, read-only and archive, an 8.3 name, who may what; on two that are changed, one that stays.
		for file in connect/msmcon/bin/mt.exe CONNECT/MSMCON/BIN/mt.exe; do
			file=$lab/m/exchsrvr/$file
			[ -e "$file" ] || continue
			setfattr -n system.ntfs_dos_name -v "MTLONG~1.EXE" "$file"
			setfattr -n system.ntfs_acl -v $lab_acl "$file"
			setfattr -n system.ntfs_attrib_be -v 0x00000023 "$file"
		done
		lab_umount "$lab/m"
	done
}

lab_put() { dd if="$1" of="$2" bs=$lab_track seek="$3" conv=notrunc,sparse status=none; } # FILE DISK TRACK
lab_disk() { # LAYOUT FILE [NAME]
	lab_in=$lab/parts/${3:-standard} lab_sectors=$((lab_tracks * 63))
	rm -f "$2"
	truncate -s 42M "$2"
	lab_c=$((63 * $(lab_at "$1" C))) lab_e=$((63 * $(lab_at "$1" E)))
	lab_extended="start=$((lab_e - 63)),size=$((lab_sectors + 63)),type=5\n"
	lab_c="start=$lab_c,size=$lab_sectors,type=$type_c,bootable\n" lab_e="start=$lab_e,size=$lab_sectors,type=$type_e\n"
	lab_table="label: dos\nlabel-id: 0x$signature\n"
	case $1 in
	one) lab_table=$lab_table$lab_c$lab_e ;;
	ec) lab_table=$lab_table$lab_e$lab_c ;;
	c) lab_table=$lab_table$lab_c ;;
	e) lab_table="label: dos\nlabel-id: 0x${signature_e}\n$lab_e" ;;
	# The logical ones have the numbers from five.
	logical) lab_table="${lab_table}1: ${lab_c}2: ${lab_extended}5: $lab_e" ;;
	gpt) lab_table='label: gpt\nstart=2048,size=40000\n' ;;
	none) ;;
	esac
	printf "$lab_table" | sfdisk -q --no-reread --no-tell-kernel "$2" >/dev/null 2>"$lab/sfdisk.log" || {
		sed 's/^/# /' "$lab/sfdisk.log"
		lab_bail "no disk $1"
	}
	case $1 in one | ec | c | logical) lab_put "$lab_in/C" "$2" "$(lab_at "$1" C)" ;; esac
	case $1 in one | ec | e | logical) lab_put "$lab_in/E" "$2" "$(lab_at "$1" E)" ;; esac
}
lab_extract() { # RAW LETTER FILE [LAYOUT]
	dd if="$1" of="$3" bs=$lab_track skip="$(lab_at "${4:-one}" "$2")" count=$lab_tracks conv=sparse status=none
}

lab_image() { # FORMAT RAW FILE
	case $1 in
	raw) cp --sparse=always "$2" "$3" ;;
	vmdk-split) qemu-img convert -f raw -O vmdk -o subformat=twoGbMaxExtentFlat "$2" "$3" ;;
	vpc) qemu-img convert -f raw -O vpc -o subformat=dynamic,force_size=on "$2" "$3" ;;
	vpc-fixed) qemu-img convert -f raw -O vpc -o subformat=fixed,force_size=on "$2" "$3" ;;
	ewf) ewfacquire -q -u -t "$3" -c none -b 64 -S 1GiB "$2" >/dev/null 2>&1 </dev/null ;;
	*) qemu-img convert -f raw -O "$1" "$2" "$3" ;;
	esac || lab_bail "no image $1"
}

# Without the times: those of two repairs differ.
lab_tree() { # FILE
	lab_mount "$1" "$lab/m" ro || return 1
	(cd "$lab/m" && find . -type f -exec sha256sum {} + | sort -k 2 && find . -printf '%y %p %s\n' | sort &&
		for name in attrib_be dos_name acl; do getfattr -R -e hex -n system.ntfs_$name . 2>/dev/null | sed 's/^$/-/' | paste -sd ' ' | sed 's/ - /\n/g' | sort; done)
	lab_umount "$lab/m"
}

# ---- what the tests have in common

n=0
# result STATUS WHAT [LOG]
result() {
	n=$((n + 1))
	if [ "$1" = 0 ]; then echo "ok $n - $2"; else
		echo "not ok $n - $2"
		if [ -n "$3" ]; then head -n 40 "$3" | sed 's/^/# /'; fi
	fi
}
skip() { # WHAT WHY
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}


# The program on $images; what it says is in $lab/out, its exit code in $code. TMPDIR: what it makes there must be gone with it.
image() {
	TMPDIR=$lab/tmp "$program" --image "$images" $image_options --runs "$lab/runs" "$@" >"$lab/out" 2>&1 </dev/null
	code=$?
}
# The plan with all of it decided.
planned() {
	image plan --output "$lab/plan"
	sed 's/"decision": "undecided"/"decision": "change"/' "$lab/plan" >"$lab/plan.decided"
}
applied() { image apply --plan "$lab/plan.decided" --operator Vera --yes; }
undone() { image undo last --operator Vera --yes; }
# What becomes of the overlay: ended commit | keep | drop.
ended() {
	name=
	[ "$1" != commit ] || name="--server $server_name"
	image "$1" last $name --operator Vera --yes
}
# Of a folder of images all that could have changed by looking.
sums() { (cd "$1" && find . -printf '%p %s %i %T@ %m\n' | sort && find . -type f -exec sha256sum {} + | sort -k 2); }
# below PID: PID, when it began, and its name, of that process and all that come from it.
below() {
	cat /proc/[0-9]*/stat 2>/dev/null | awk -v top="$1" '{ name = $0; sub(/^[^(]*\(/, "", name); sub(/\)[^)]*$/, "", name); gsub(" ", "_", name)
			rest = $0; sub(/^.*\) /, "", rest); split(rest, field, " "); names[$1] = name; parent[$1] = field[2]; began[$1] = field[20] }
		END { for (pid in parent) { up = pid; for (i = 0; i < 50 && up != top && up in parent; i++) up = parent[up]; if (up == top) print pid, began[pid], names[pid] } }'
}
# Sectors in which two disks differ.
sectors() { perl -e 'open A, "<", $ARGV[0]; open B, "<", $ARGV[1]; while (read A, $a, 512) { read B, $b, 512; $n++ if $a ne $b } print 0 + $n' "$1" "$2"; }
