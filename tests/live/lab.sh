# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by tests of the live server. A practice server as smbd serves it, on the loopback alone: its C and E as C$ and E$, its registry
# files in smbd's registry, npd in front of the pipes for what smbd cannot play (npd.h). As root or as an ordinary user, who is root for
# Samba by uid_wrapper. All is below $lab, and ends with the test, however that ends.
#
#   lab_need                says with a reason that all is skipped, where something is missing
#   lab_server SCENARIO     builds a practice server; a second one takes the place of the first
#   lab_start smb1|smb3     serves it at 127.0.0.1, port $port; lab_stop ends it
#   lab_order WORD...       an order for npd (npd_orders.c, npd_shares.c, npd_services.c, npd_events.c, npd_registry.c)
#   lab_calls NAME          how many such calls npd saw since lab_calls_forget
# Users: exadmin (administrator), exuser (no rights), locked, disabled, expired, over (the account); the password of all is in $secret.

PATH=$PATH:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
case ${top_builddir:=.} in /*) ;; *) top_builddir=$PWD/$top_builddir ;; esac
case ${srcdir:=.} in /*) ;; *) srcdir=$PWD/$srcdir ;; esac
npd=$top_builddir/tests/live/npd
dcerpcd=
for folder in /usr/libexec/samba /usr/lib/*/samba /usr/lib/samba; do
	if [ -x "$folder/samba-dcerpcd" ]; then
		dcerpcd=$folder/samba-dcerpcd
		# Of its servers those that are needed.
		lab_rpcds="$folder/rpcd_classic $folder/rpcd_winreg $folder/rpcd_lsad"
	fi
done
lab_way= lab_npd= lab_smbd= lab_dcerpcd= lab_interfaces= lab_starts=0
port=
password=S3cret-x

# What is missing for a lab, or nothing.
lab_missing() {
	for tool in smbd net pdbedit rpcclient smbclient hivexregedit; do
		command -v $tool >/dev/null || { echo "no $tool"; return; }
	done
	[ -n "$dcerpcd" ] || { echo "no samba-dcerpcd: Samba older than 4.16"; return; }
	[ -x "$npd" ] || { echo "npd was not built"; return; }
	for wrapper in libnss_wrapper.so libuid_wrapper.so; do
		LD_PRELOAD=$wrapper true 2>&1 | grep -q . && { echo "no $wrapper"; return; }
	done
}
lab_need() {
	missing=$(lab_missing)
	[ "${LIVE:-}" != none ] || missing="LIVE=none"
	if [ -n "$missing" ]; then
		echo "1..0 # SKIP $missing"
		exit 0
	fi
	lab=$(mktemp -d "${TMPDIR:-/tmp}/lab.XXXXXX") || exit 1
	trap lab_end EXIT
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
	# A socket's path has 107 characters.
	if [ ${#lab} -gt 75 ]; then
		echo "1..0 # SKIP the path of TMPDIR is too long for sockets"
		exit 0
	fi
	chmod 755 "$lab"
	lab_users
}
lab_end() {
	lab_stop
	cd /
	rm -rf "$lab"
}

# A tool of Samba with the lab's users, as root; the second is the process itself, for what is put in the background.
as_samba() { (become_samba "$@"); }
become_samba() {
	if [ "$(id -u)" = 0 ]; then
		set -- LD_PRELOAD=libnss_wrapper.so "$@"
	else
		set -- UID_WRAPPER=1 UID_WRAPPER_ROOT=1 LD_PRELOAD=libnss_wrapper.so:libuid_wrapper.so "$@"
	fi
	exec env NSS_WRAPPER_PASSWD="$lab/passwd" NSS_WRAPPER_GROUP="$lab/group" "$@"
}

# As smbpasswd(5) has them: U a user, X whose password does not expire, D disabled, L locked; NT hash of the password.
lab_users() {
	secret=$lab/secret
	(umask 077 && printf '%s\n' "$password" >"$secret")
	mkdir "$lab/private" "$lab/passdb"
	chmod 700 "$lab/private"
	printf 'root:x:0:0::/:/bin/false\nnobody:x:65534:65533::/:/bin/false\n' >"$lab/passwd"
	printf 'root:x:0:\nnogroup:x:65533:\nexadmins:x:5001:exadmin\nexusers:x:5002:\n' >"$lab/group"
	uid=5001
	for user in exadmin:UX exuser:UX locked:UXL disabled:UXD expired:U over:UX; do
		printf '%s:x:%d:%d::/:/bin/false\n' ${user%:*} $uid $((uid > 5001 ? 5002 : 5001)) >>"$lab/passwd"
		printf '%s:%d:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:F89F0096D08FB49199503FF4F16EC1EC:[%-11s]:LCT-3881CB84:\n' \
			${user%:*} $uid ${user#*:} >>"$lab/private/smbpasswd"
		uid=$((uid + 1))
	done
	lab_conf
	{
		as_samba pdbedit -s "$lab/conf" -i "smbpasswd:$lab/private/smbpasswd" -e "tdbsam:$lab/private/passdb.tdb" &&
			as_samba pdbedit -s "$lab/conf" -P 'maximum password age' -C 86400 &&
			as_samba net -s "$lab/conf" groupmap add sid=S-1-5-32-544 ntgroup=Administrators unixgroup=exadmins type=builtin
	} >"$lab/users.log" 2>&1 || sed 's/^/# /' "$lab/users.log"
	# Where the state with all this in it is kept, for every server that follows.
	mv "$lab/state" "$lab/passdb/state"
}

# lab_conf [smb1|smb3]: smbd's configuration; LAB_SMBD: more lines of it.
lab_conf() {
	protocols='server min protocol = SMB2'
	[ "$1" != smb1 ] || protocols='server min protocol = NT1
	server max protocol = NT1'
	mkdir -p "$lab/state" "$lab/lock" "$lab/cache" "$lab/pid" "$lab/log" "$lab/ncalrpc"
	cat >"$lab/conf" <<CONF
[global]
	workgroup = DEPOT
	netbios name = MAIL1
	server role = standalone server
	passdb backend = tdbsam:$lab/private/passdb.tdb
	private dir = $lab/private
	state directory = $lab/state
	lock directory = $lab/lock
	cache directory = $lab/cache
	pid directory = $lab/pid
	ncalrpc dir = $lab/ncalrpc
	log file = $lab/log/log.%m
	log level = 2
	max log size = 0
	interfaces = ${lab_interfaces:-lo}
	bind interfaces only = yes
	smb ports = ${port:-445}
	disable netbios = yes
	$protocols
	ntlm auth = ntlmv1-permitted
	lanman auth = yes
	rpc start on demand helpers = no
	rpcd_winreg:num_workers = 1
	rpcd_classic:num_workers = 1
	rpcd_lsad:num_workers = 1
	registry shares = yes
	load printers = no
	printing = bsd
	printcap name = /dev/null
	disable spoolss = yes
	unix extensions = no
	case sensitive = no
	ea support = yes
	store dos attributes = yes
	strict sync = yes
	force create mode = 0666
	force directory mode = 0777
	$LAB_SMBD
CONF
	for letter in C E; do
		printf '[%s$]\n\tpath = %s\n\tread only = no\n\tvalid users = @exadmins\n' $letter "$lab/server/$letter" >>"$lab/conf"
	done
}

# The registry files as smbd can import them. It makes up its own CurrentVersion: npd leads there to the one with an X.
lab_import() {
	for hive in SYSTEM SOFTWARE; do
		hivexregedit --export --prefix "HKEY_LOCAL_MACHINE\\$hive" "$lab/server/C/WINNT/system32/config/$hive" '\' |
			sed 's/^\(\[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersio\)n/\1X/'
		# Without an empty line at its end the last value of a file is lost.
		echo
	done | awk 'NR == 1 || !/^Windows Registry Editor/' >"$lab/import.reg"
	as_samba net -s "$lab/conf" registry import "$lab/import.reg" >"$lab/import.log" 2>&1 || sed 's/^/# /' "$lab/import.log"
}

# lab_server SCENARIO [SEED]. Building and importing are done once for each.
lab_server() {
	kept=$lab/kept/$1-${2:-1}
	rm -rf "$lab/server" "$lab/state"
	if [ -d "$kept" ]; then
		cp -a "$kept/server" "$kept/state" "$lab/"
		return
	fi
	"$top_builddir/msmcfix" train --build "$lab/server" --scenario "$1" --seed "${2:-1}" >/dev/null || return
	# exadmin owns it all; where an ordinary user owns it, everybody may what he may.
	if [ "$(id -u)" = 0 ]; then chown -R 5001:5001 "$lab/server/C" "$lab/server/E"; else chmod -R go=u "$lab/server"; fi
	cp -a "$lab/passdb/state" "$lab/state"
	lab_import
	mkdir -p "$kept"
	cp -a "$lab/server" "$lab/state" "$kept/"
}

# Whether somebody listens at a port of this machine.
listens() { grep -qi "^ *[0-9]*: [0-9A-F]*:$(printf %04X "$1") [0-9A-F]*:0000 0A " /proc/net/tcp; }
lab_port() {
	port=$((20000 + ($$ * 7 + lab_starts * 131) % 40000))
	while listens $port; do port=$((port + 1)); done
}

# lab_start smb1|smb3
lab_start() {
	lab_stop
	lab_starts=$((lab_starts + 1))
	[ -n "$lab_interfaces" ] || lab_port
	lab_port=$port
	rm -rf "$lab/ncalrpc" "$lab/log" "$lab/orders" "$lab/calls"
	lab_conf "$1"
	: >"$lab/orders"
	become_samba smbd -s "$lab/conf" -F </dev/null >"$lab/smbd.out" 2>&1 &
	lab_smbd=$!
	become_samba "$dcerpcd" -s "$lab/conf" -F $lab_rpcds </dev/null >"$lab/dcerpcd.out" 2>&1 &
	lab_dcerpcd=$!
	lab_wait lab_up || { lab_why "Samba did not come up"; return 1; }
	"$npd" "$lab" $lab_smbd $lab_dcerpcd >"$lab/npd.out" 2>&1 &
	lab_npd=$!
	lab_wait lab_played || { lab_why "npd did not come up"; return 1; }
}
lab_up() { [ -S "$lab/ncalrpc/np/eventlog" ] && [ -S "$lab/ncalrpc/np/winreg" ] && [ -S "$lab/ncalrpc/np/svcctl" ] && [ -S "$lab/ncalrpc/np/srvsvc" ] && listens "$port"; }
lab_played() { [ -S "$lab/ncalrpc/np/eventlog.samba" ] && [ -S "$lab/ncalrpc/np/eventlog" ]; }
lab_wait() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 500 ] && kill -0 $lab_smbd 2>/dev/null || return 1
		sleep 0.02
	done
}
# smbd alone is killed, with all its children, and another takes its place, port and all.
lab_crash() {
	# shellcheck disable=SC2046
	kill -KILL $lab_smbd $(pgrep -P $lab_smbd) 2>/dev/null
	wait $lab_smbd 2>/dev/null
	become_samba smbd -s "$lab/conf" -F </dev/null >"$lab/smbd.out" 2>&1 &
	lab_smbd=$!
	lab_wait listens "$lab_port"
}
lab_why() {
	printf '# %s\n' "$1"
	tail -n 5 "$lab"/*.out "$lab"/log/* 2>/dev/null | sed 's/^/# /'
}
lab_stop() {
	for pid in $lab_way $lab_npd $lab_smbd $lab_dcerpcd; do kill "$pid" 2>/dev/null; done
	for pid in $lab_way $lab_npd $lab_smbd $lab_dcerpcd; do wait "$pid" 2>/dev/null; done
	lab_way= lab_npd= lab_smbd= lab_dcerpcd=
}

lab_order() {
	line=$1
	shift
	for word in "$@"; do line="$line	$word"; done
	printf '%s\n' "$line" >>"$lab/orders"
}
lab_calls() { grep -c "^$1	" "$lab/calls"; }
lab_calls_forget() { : >"$lab/calls"; }

# lab_lag MS: from then on $port is a way there that takes so long; lab_turns tells how many turns it was taken since, lab_cut cuts it.
lab_lag() {
	mkdir -p "$lab/way"
	rm -f "$lab/way/port"
	"$top_builddir/tests/live/lag" "$port" "$1" "$lab/way" &
	lab_way=$!
	lab_wait test -s "$lab/way/port" && port=$(cat "$lab/way/port")
}
lab_turns() {
	rm -f "$lab/way/counts"
	kill -USR1 $lab_way
	lab_wait test -s "$lab/way/counts" && cut -d ' ' -f 2 "$lab/way/counts"
}
lab_cut() { kill -USR2 $lab_way; }

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

# The program that is tested, or that there is no helper.
lab_program() {
	program=$top_builddir/msmcfix
	MSMCFIX_LIBEXECDIR=$top_builddir/helpers
	export MSMCFIX_LIBEXECDIR
	if [ ! -x "$MSMCFIX_LIBEXECDIR/msmcfix-smb" ]; then
		echo "1..0 # SKIP msmcfix-smb was not built"
		exit 0
	fi
	for python in python3 /usr/bin/python3; do
		$python -c 'import impacket' 2>/dev/null && break
		python=
	done
}
# live COMMAND...: on the server of the lab, as $as (exadmin); its output is in $lab/out, its exit code in $code.
live() {
	nt4=
	[ "$dialect" != smb1 ] || nt4=--nt4
	"$program" --host "${host:-127.0.0.1}" --port "$port" --user "${as:-exadmin}" --password-file "$secret" $nt4 --runs "$lab/runs" "$@" \
		>"$lab/out" 2>&1 </dev/null
	code=$?
}
# The helpers of the program that is told this port.
helpers() {
	for pid in $(pgrep -x msmcfix-smb); do
		if tr '\0' '\n' 2>/dev/null <"/proc/$(awk '{ print $4 }' "/proc/$pid/stat" 2>/dev/null)/cmdline" | grep -qx "$port"; then echo "$pid"; fi
	done
}
# The registry as smbd's own tool sees it, without the network; what order it is in nobody promises.
registry() { as_samba net -s "$lab/conf" registry export 'HKLM\SYSTEM' "$1.raw" >/dev/null 2>&1 && sort "$1.raw" >"$1"; }
contents() { (cd "$lab/server" && find C E -type f ! -path '*/bin.q240208-*' -exec sha256sum {} + | sort -k 2); }
reader() { "$python" "$srcdir/tests/live/reader.py" "$port" "$secret" "$dialect" "$@"; }
# Samba's servers write to the registry themselves when they first answer: before anything is counted.
lab_warm() {
	at="-S 127.0.0.1 -p $port -U exadmin%$password --option=clientminprotocol=NT1"
	sign="-U exadmin%$password --option=clientminprotocol=NT1"
	rpcclient 127.0.0.1 -p "$port" $sign -c 'netshareenumall' >/dev/null 2>&1
	net rpc service status Alerter $at >/dev/null 2>&1
	lab_calls_forget
	for log in "$lab"/log/log.*; do : >"$log"; done
}
