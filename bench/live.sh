#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# `make bench-live`: what a repair over the network costs, held against its bounds. tests/live/lag counts turns and adds delay. In the build folder.
. "$srcdir/tests/live/lab.sh"
lab_need
lab_program
times=${BENCH_TIMES:-5}

now() { date +%s%N; }
# The median of as many seconds as BENCH_TIMES says: median COMMAND...
median() {
	for _ in $(seq "$times"); do
		begun=$(now)
		"$@" >/dev/null 2>&1
		echo $((($(now) - begun) / 1000))
	done | sort -n | awk '{ t[NR] = $1 } END { printf "%.4f", t[int((NR + 1) / 2)] / 1000000 }'
}
# judge WHAT MEASURED BOUND UNIT: at most the bound; at least, where it begins with +.
judge() {
	awk -v what="$1" -v measured="$2" -v bound="$3" -v unit="$4" 'BEGIN {
		least = sub(/^\+/, "", bound)
		good = measured != "" && (least ? measured + 0 >= bound + 0 : measured + 0 <= bound + 0)
		printf "%-66s %10.3f %s %8.2f %-6s %s\n", what, measured, least ? ">=" : "<=", bound, unit, good ? "ok" : "OVER"
	}'
}
minus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.4f", a - b }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", b > 0 ? a / b : 0 }'; }

survey() { live check; }
# Steps 1 to 4, all decided; put back afterwards, which is not measured.
repair() {
	begun=$(now)
	live apply --plan "$lab/plan.decided" --operator Bench --yes
	taken=$(awk -v t=$(($(now) - begun)) 'BEGIN { printf "%.4f", t / 1e9 }')
	[ $code = 0 ] || sed 's/^/# /' "$lab/out"
}

# livecost WHAT: the median of what bench/livecost says.
livecost() {
	form=modern
	[ "$dialect" != smb1 ] || form=nt4
	for _ in $(seq "$times"); do "$top_builddir/bench/livecost" "$port" "$secret" $form "$1"; done | sort -n |
		awk '{ t[NR] = $1 } END { print t[int((NR + 1) / 2)] }'
}
# A kept read against a process for each value.
reading() {
	judge "$dialect: a kept read is so many times faster than net rpc registry getvalue" \
		"$(ratio "$(median net rpc registry getvalueraw 'HKLM\SYSTEM\Select' Default $at)" "$(livecost read)")" +200 times
}
# smbclient put of the same 64 MiB.
copying() {
	head -c 67108864 /dev/zero >"$lab/blob"
	theirs=$(median smbclient '//127.0.0.1/E$' -p "$port" $sign -c "put $lab/blob blob")
	least=1
	[ "$dialect" != smb1 ] || least=0.5
	judge "$dialect: copying to smbclient put, reading back apart" "$(ratio "$theirs" "$(livecost copy)")" +$least times
	rm -f "$lab/blob" "$lab/server/E/blob"
}

# Step 5 at 50,000 messages, on a server of its own: ten looks, less what comes before them.
mail() {
	form=modern
	[ "$dialect" != smb1 ] || form=nt4
	lab_turns >/dev/null
	"$top_builddir/tests/remote_try" 127.0.0.1 "$port" exadmin "$secret" $form mail "$1" >"$lab/mail" 2>&1
	lab_turns
}
looking_at_mail() {
	seq 65536 115535 | awk -v mai="$lab/server/E/exchsrvr/connect/msmcon/maildata/MAI" '{ printf "%s/MA%X/%08X.MAI\n", mai, $1 % 16, $1 }' | xargs touch
	[ "$(id -u)" != 0 ] || chown -R 5001:5001 "$lab/server/E"
	lab_lag 0
	mail 1 >/dev/null
	turns=$(mail 1)
	turns=$(($(mail 11) - turns))
	grep -q '^looked.*500[0-9]* wait' "$lab/mail" || turns=
	kill $lab_way
	port=$served
	judge "$dialect: turns of a look at 50,000 messages" "${turns:+$((turns / 10))}" $((40 + 500)) turns
}

printf '%s, %s processors, Samba %s, %s rounds\n' "$(uname -sr)" "$(nproc)" "$(smbd --version | cut -d ' ' -f 2)" "$times"
for dialect in ${LIVE:-smb1 smb3}; do
	lab_server standard
	lab_start $dialect
	lab_warm
	served=$port
	survey
	loopback=$(median survey)
	lab_lag 0
	lab_turns >/dev/null
	survey
	turns=$(lab_turns)
	near=$(median survey)
	kill $lab_way
	port=$served
	lab_lag 20
	far=$(median survey)
	kill $lab_way
	port=$served
	judge "$dialect: survey, loopback" "$loopback" 0.3 s
	judge "$dialect: survey, 20 ms" "$far" 12 s
	judge "$dialect: survey, (time at 20 ms - time at 0) / 20 ms" "$(ratio "$(minus "$far" "$near")" 0.02)" 500 turns
	live plan --output "$lab/plan"
	sed 's/"decision": "undecided"/"decision": "change"/' "$lab/plan" >"$lab/plan.decided"
	repair
	judge "$dialect: whole apply, loopback" "$taken" 1.2 s
	live undo last --backups --operator Bench --yes
	lab_lag 0
	lab_turns >/dev/null
	repair
	judge "$dialect: turns of an apply to those of a survey ($turns)" "$(ratio "$(lab_turns)" "$turns")" 6 times
	kill $lab_way
	port=$served
	reading
	copying
	looking_at_mail
	lab_stop
	rm -rf "$lab/runs"
done
