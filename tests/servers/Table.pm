# SPDX-License-Identifier: GPL-3.0-or-later
# The table of variations. Each says how a practice server is bent, on which base ("well": all is right; "broken": as the service
# pack left it), and, where the program must not go on, with which exit codes: refuse => {check => N, plan => N}.
package Table;
use strict;
use warnings;
use utf8;
use Encode qw(encode);
use Bend;
use Drives;

my @table;

# vary NAME, BASE, SUB, MORE...: more are sample (one of those in `make check`), refuse, why (of a refusal), alone (in no pair),
# touches (what it bends: two that bend the same are no pair), keep (all that is undecided is kept), mount (a drive mounted read-only),
# edit (the file of Bin that a person makes the one value name in the plan).
sub vary {
	my ($name, $base, $bend, %more) = @_;
	push @table, {name => $name, base => $base, bend => $bend, touches => $name =~ /^([a-z]+)/, %more};
}

# What a value may be spelled like and still lead to the same file.
my %same_file = (
	'upper' => sub { uc $_[0] },
	'dot' => sub { $_[0] =~ s/\\bin\\/\\.\\bin\\/ir },
	'doubled' => sub { $_[0] =~ s/(?<=.)\\/\\\\/gr },
	'forward' => sub { $_[0] =~ tr{\\}{/}r },
	'long' => sub { "\\\\?\\$_[0]" },
	'bare' => sub { $_[0] =~ s/\.\w+$//r },
);
my %same_program = (%same_file,
	'quoted' => sub { "\"$_[0]\"" },
	'arguments' => sub { "$_[0] -service -log 2" },
	'both' => sub { "\"$_[0]\"  /install" },
	'blank' => sub { " $_[0]" },
);
# What cannot be told, or leads nowhere.
my %no_file = (
	'parent' => sub { $_[0] =~ s/\\bin\\/\\maildata\\..\\bin\\/ir },
	'unc' => sub { $_[0] =~ s/^(.):/\\\\MAIL1\\$1\$/r },
	'relative' => sub { $_[0] =~ s/^.*\\//r },
	'driveless' => sub { $_[0] =~ s/^..//r },
	'slash-behind' => sub { "$_[0]\\" },
	'unknown-variable' => sub { $_[0] =~ s/^..[^\\]*/%MSMCON%/r },
	'third-drive' => sub { $_[0] =~ s/^./F/r },
	'third-folder' => sub { $_[0] =~ s/\\connect\\/\\rescue\\/ir },
	'other-name' => sub { $_[0] =~ s/\\([^\\]*)(\.\w+)$/\\old$1$2/r },
	'folder' => sub { $_[0] =~ s/\\[^\\]*$//r },
	'text-file' => sub { $_[0] =~ s/\\[^\\]*$/\\xtnperf.ini/r },
);

# One value of each use: what it is called here, key (P and X: the PC MTAs), value, type, file, what it takes.
my @uses = (
	['interchange', '@\MSExchangeMSMI', 'ImagePath', 2, 'mt.exe', \%same_program],
	['pcmta', '@\X', 'ImagePath', 2, 'x25eicon.exe', \%same_program],
	['library', '@\MSExchangePCMTA\Performance', 'Library', 1, 'xtnperf.dll', \%same_file],
	['message', '@\EventLog\Application\MSExchangeMSMI', 'EventMessageFile', 2, 'mtmsg.dll', \%same_file],
	['category', '@\EventLog\Application\X', 'CategoryMessageFile', 2, 'xtnmsg.dll', \%same_file],
);
sub key_of { my ($s, $key) = @_; return $key =~ s/\\P$/\\$s->{lan}/r =~ s/\\X$/\\$s->{x25}/r }

for my $use (@uses) {
	my ($what, $key, $name, $type, $file, $same) = @$use;
	my $put = sub { my ($s, $text, $as) = @_; $s->set(key_of($s, $key), $name, $as // $type, $text) };
	my $good = sub { "$_[0]{relocated}\\bin\\$file" };
	my $old = sub { lc "$_[0]{default}\\bin\\$file" =~ s/^./\u$&/r };
	for my $how (sort keys %$same) {
		vary "$what-right-$how", 'broken', sub { $put->($_[0], $same->{$how}->($good->($_[0]))) };
		vary "$what-old-$how", 'well', sub { $put->($_[0], $same->{$how}->($old->($_[0]))) };
	}
	for my $how (sort keys %no_file) { vary "$what-$how", 'well', sub { $put->($_[0], $no_file{$how}->($good->($_[0]))) }, edit => $file }
	vary "$what-empty", 'well', sub { $put->($_[0], '') }, edit => $file;
	vary "$what-blank", 'well', sub { $put->($_[0], '   ') };
	vary "$what-multi", 'well', sub { $put->($_[0], $good->($_[0]), 7) };
	vary "$what-binary", 'well', sub { $_[0]->set_raw(key_of($_[0], $key), $name, 3, encode 'UTF-16LE', $good->($_[0])) };
	vary "$what-number", 'well', sub { $put->($_[0], 4, 4) };
	vary "$what-other-string", 'broken', sub { $put->($_[0], $good->($_[0]), 3 - $type) };
	vary "$what-literal-variable", 'well', sub { $put->($_[0], '%SystemDrive%' . substr($good->($_[0]), 2), 1) };
	vary "$what-system-drive", 'well', sub { $put->($_[0], '%SystemDrive%' . substr($old->($_[0]), 2), 2) };
	vary "$what-absent", $name =~ /Message/ ? 'broken' : 'well', sub { $_[0]->drop(key_of($_[0], $key), $name) };
	vary "$what-no-end", 'broken', sub { $_[0]->set_raw(key_of($_[0], $key), $name, $type, encode 'UTF-16LE', $good->($_[0])) };
	vary "$what-behind-end", 'broken', sub { $_[0]->set_raw(key_of($_[0], $key), $name, $type, encode 'UTF-16LE', $good->($_[0]) . "\0C:\\rest\0") };
	vary "$what-is-a-folder", 'well', sub { my $f = $_[0]->ours("Bin\\$file"); $_[0]->remove($f); mkdir $f; $_[0]->remove($_[0]->setups("Bin\\$file")) }, touches => 'files';
	vary "$what-file-gone", 'well', sub { $_[0]->remove($_[0]->ours("Bin\\$file")); $_[0]->remove($_[0]->setups("Bin\\$file")) }, touches => 'files';
	vary "$what-file-here-gone", 'well', sub { $_[0]->remove($_[0]->ours("Bin\\$file")) }, touches => 'files';
	for my $bad (['empty', ''], ['text', 'no program'], ['cut', undef]) {
		vary "$what-file-$bad->[0]", 'well', sub {
			for my $f ($_[0]->ours("Bin\\$file"), $_[0]->setups("Bin\\$file")) { $_[0]->write_file($f, $bad->[1] // substr Drives::slurp($f), 0, 9000) }
		}, touches => 'files';
	}
}
vary 'interchange-dll', 'well', sub { $_[0]->set('@\MSExchangeMSMI', 'ImagePath', 2, "$_[0]{relocated}\\bin\\mtmsg.dll") };
vary 'interchange-other-program', 'well', sub { $_[0]->set('@\MSExchangeMSMI', 'ImagePath', 2, "$_[0]{relocated}\\bin\\async.exe") };
vary 'library-other-library', 'well', sub { $_[0]->set('@\MSExchangePCMTA\Performance', 'Library', 1, "$_[0]{relocated}\\bin\\mtperf.dll") };
vary 'interchange-arguments-old', 'well', sub { $_[0]->set('@\MSExchangeMSMI', 'ImagePath', 2, "$_[0]{relocated}\\bin\\mt.exe C:\\exchsrvr\\connect\\msmcon\\maildata") };
vary 'library-exe', 'well', sub { $_[0]->set('@\MSExchangePCMTA\Performance', 'Library', 1, "$_[0]{relocated}\\bin\\mt.exe") };

# Lists of message files.
my $list = sub { my ($s, $text) = @_; $s->set("\@\\EventLog\\Application\\$s->{lan}", 'EventMessageFile', 2, $text) };
vary 'list-with-system', 'broken', sub { $list->($_[0], "$_[0]{relocated}\\bin\\xtnmsg.dll;%SystemRoot%\\System32\\netmsg.dll") };
vary 'list-half-old', 'well', sub { $list->($_[0], "$_[0]{relocated}\\bin\\xtnmsg.dll;C:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll") };
vary 'list-old-and-system', 'well', sub { $list->($_[0], "%SystemRoot%\\System32\\netmsg.dll;C:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll") };
vary 'list-system-missing', 'well', sub { $list->($_[0], "$_[0]{relocated}\\bin\\xtnmsg.dll;%SystemRoot%\\System32\\nosuch.dll") };
vary 'list-only-system', 'well', sub { $list->($_[0], "%SystemRoot%\\System32\\netmsg.dll") };
vary 'list-blanks', 'broken', sub { $list->($_[0], "$_[0]{relocated}\\bin\\xtnmsg.dll;;") };
vary 'list-of-nothing', 'well', sub { $list->($_[0], ';;') };

# All of them at once.
for my $to ('F:\exchsrvr\connect\msmcon', 'E:\rescue\msmcon', '\\\\MAIL1\E$\exchsrvr\connect\msmcon') {
	vary 'all-values-to-' . lc(substr $to, 0, 1) =~ s/\\/network/r, 'well', sub { $_[0]->option(relocated => $_[0]{relocated}); $_[0]->lead($_[0]{relocated}, $to, $_) for map { "*\\$_" } 'MSExchangeMSMI', 'MSExchangePCMTA', 'EventLog', $_[0]{lan}, $_[0]{x25} },
		touches => 'all';
}
vary 'all-values-old', 'well', sub { $_[0]->lead($_[0]{relocated}, 'C:\exchsrvr\connect\msmcon', "\@\\$_") for 'MSExchangeMSMI', 'MSExchangePCMTA', 'EventLog', $_[0]{lan}, $_[0]{x25} }, touches => 'all';

vary 'all-values-to-f-kept', 'well', sub { $_[0]->option(relocated => $_[0]{relocated}); $_[0]->lead($_[0]{relocated}, 'F:\exchsrvr\connect\msmcon', "*\\$_") for 'MSExchangeMSMI', $_[0]{lan} }, touches => 'all', keep => 1;

# Shares.
my $shares = '@\LanmanServer\Shares';
my $share = sub { my ($s, $path, @more) = @_; $s->set($shares, $more[1] // 'Maildat$', 7, join ';', 'MaxUses=4294967295', defined $path ? "Path=$path" : (), 'Permissions=0', 'Remark=Access for MSMI postoffice', $more[0] // 'Type=0') };
my @siblings = ('Add-ins', 'Address', 'Resources', 'connect$', 'tracking.log');
vary 'share-absent', 'well', sub { $_[0]->drop($shares, 'Maildat$') };
vary 'share-absent-here-only-siblings', 'well', sub { $_[0]->drop('*\LanmanServer\Shares', 'Maildat$') };
vary 'share-absent-no-sibling', 'well', sub { $_[0]->drop('*\LanmanServer\Shares', $_) for 'Maildat$', @siblings };
vary 'share-no-key', 'well', sub { $_[0]->drop_key('*\LanmanServer\Shares') };
vary 'share-no-path', 'well', sub { $share->($_[0], undef) };
vary 'share-no-path-kept', 'well', sub { $share->($_[0], undef) }, keep => 1;
vary 'share-absent-no-sibling-kept', 'well', sub { $_[0]->drop('*\LanmanServer\Shares', $_) for 'Maildat$', @siblings }, keep => 1;
vary 'interchange-absent-kept', 'well', sub { $_[0]->drop('@\MSExchangeMSMI', 'ImagePath') }, keep => 1;
vary 'share-empty-path', 'well', sub { $share->($_[0], '') };
vary 'share-empty', 'well', sub { $_[0]->set($shares, 'Maildat$', 7, '') };
vary 'share-string', 'well', sub { $_[0]->set($shares, 'Maildat$', 1, "Path=$_[0]{relocated}\\maildata") };
vary 'share-printer', 'well', sub { $share->($_[0], "$_[0]{relocated}\\maildata", 'Type=1') };
vary 'share-no-uses', 'well', sub { $_[0]->set($shares, 'Maildat$', 7, "MaxUses=0;Path=$_[0]{relocated}\\maildata;Permissions=0;Type=0") };
vary 'share-old', 'well', sub { $share->($_[0], 'C:\exchsrvr\connect\msmcon\maildata') };
vary 'share-old-upper', 'well', sub { $share->($_[0], 'C:\EXCHSRVR\CONNECT\MSMCON\MAILDATA') };
vary 'share-old-slash', 'well', sub { $share->($_[0], 'C:\exchsrvr\connect\msmcon\maildata\\') };
vary 'share-msmcon', 'well', sub { $share->($_[0], $_[0]{relocated}) };
vary 'share-glb', 'well', sub { $share->($_[0], "$_[0]{relocated}\\maildata\\GLB") };
vary 'share-third', 'well', sub { $share->($_[0], 'F:\exchsrvr\connect\msmcon\maildata') };
vary 'share-unc', 'well', sub { $share->($_[0], '\\\\MAIL1\E$\exchsrvr\connect\msmcon\maildata') };
vary 'share-gone-folder', 'well', sub { $share->($_[0], "$_[0]{relocated}\\mailold") };
vary 'share-drive', 'well', sub { $share->($_[0], 'E:\\') };
vary 'share-upper', 'broken', sub { $share->($_[0], uc "$_[0]{relocated}\\maildata", undef, 'MAILDAT$') };
vary 'share-slash-behind', 'broken', sub { $share->($_[0], "$_[0]{relocated}\\maildata\\") };
vary 'share-lower-name', 'broken', sub { $_[0]->drop($shares, 'Maildat$'); $share->($_[0], "$_[0]{relocated}\\maildata", undef, 'maildat$') };
vary 'share-other-name', 'well', sub { $_[0]->drop('*\LanmanServer\Shares', 'Maildat$'); $share->($_[0], "$_[0]{relocated}\\maildata", undef, 'Maildata$') };
vary 'share-second-old', 'well', sub { $share->($_[0], 'C:\exchsrvr\connect\msmcon\maildata', undef, 'MSMAIL') };
vary 'share-no-type', 'broken', sub { $share->($_[0], "$_[0]{relocated}\\maildata", 'CSCFlags=0') };

# Control sets.
vary 'sets-default-2', 'well', sub { my ($s) = @_; $s->set('Select', 'Default', 4, 2); $s->lead($s->{relocated}, 'C:\exchsrvr\connect\msmcon', "ControlSet002\\Services\\MSExchangeMSMI") };
vary 'sets-default-2-well', 'broken', sub { my ($s) = @_; $s->set('Select', 'Default', 4, 2); $s->lead('C:\exchsrvr\connect\msmcon', $s->{relocated}, "ControlSet002\\Services\\$_") for 'MSExchangeMSMI', 'MSExchangePCMTA', 'EventLog', $s->{lan}, $s->{x25} };
vary 'sets-default-3', 'broken', sub { my ($s) = @_; $s->copy_key('ControlSet001', 'ControlSet003'); $s->set('Select', 'Default', 4, 3); $s->set('ControlSet003\Services\MSExchangeMSMI', 'ImagePath', 2, "$s->{relocated}\\bin\\mt.exe") };
vary 'sets-last-good-old', 'well', sub { $_[0]->lead($_[0]{relocated}, 'C:\exchsrvr\connect\msmcon', 'ControlSet002\Services') };
vary 'sets-current-2', 'well', sub { my ($s) = @_; $s->set('Select', 'Current', 4, 2); $s->lead($s->{relocated}, 'C:\exchsrvr\connect\msmcon', 'ControlSet002\Services') };
vary 'sets-default-missing', 'broken', sub { $_[0]->set('Select', 'Default', 4, 7) }, refuse => {check => 65, plan => 65}, why => 'the next start has no control set', alone => 1;
vary 'sets-no-select', 'broken', sub { $_[0]->drop_key('Select') }, refuse => {check => 65, plan => 65}, why => 'no Select', alone => 1;

# SYSTEM.ALT.
vary 'alt-none', 'well', sub { my ($s) = @_; $s->{alt} = 'none'; $s->set('@\MSExchangeMSMI', 'ImagePath', 2, 'C:\exchsrvr\connect\msmcon\bin\mt.exe') }, touches => 'interchange';
vary 'alt-other-value', 'broken', sub { $_[0]{alt} = [['set', '@\MSExchangeMSMI', 'ImagePath', 2, Bend::data_of(2, "$_[0]{relocated}\\bin\\mt.exe")]]; $_[0]->set('@\Spare', 'Note', 1, 'x') };
vary 'alt-lacks-key', 'broken', sub { $_[0]{alt} = [['drop_key', "\@\\$_[0]{x25}"]]; $_[0]->set('@\Spare', 'Note', 1, 'x') };
vary 'alt-lacks-share-key', 'well', sub { $_[0]{alt} = [['drop_key', '@\LanmanServer\Shares']]; $share->($_[0], 'C:\exchsrvr\connect\msmcon\maildata') }, touches => 'share';

# Names of PC MTAs: another service of that name, wrong and right.
my %names = (spaces => 'MTA  to  Halifax PO', digits => 'Mta 2 of 3', accents => 'Poste centrale à Québec', greek => 'Ταχυδρομείο', long => 'Abcdefghij Klmnopqrst Uvwxyz a',
	pattern => 'MTA (west) [a-z]+ $1 ^.*', percent => 'MTA 100% of it', apostrophe => "St. John's", one => 'M', lower => 'msexchange mail', comma => 'East, West; South');
my $pcmta = sub {
	my ($s, $name, $folder, $exe) = @_;
	$exe //= 'async.exe';
	$s->set("*\\$name", $_->[0], $_->[1], $_->[2]) for ['DisplayName', 1, $name], ['ErrorControl', 4, 1], ['ImagePath', 2, "$folder\\bin\\$exe"], ['ObjectName', 1, 'DEPOT\svcexch'], ['Start', 4, 2], ['Type', 4, 16];
	$s->set("*\\$name\\Parameters", 'X25CallFacilities', 1, '');
	$s->set("*\\EventLog\\Application\\$name", $_, 2, "$folder\\bin\\xtnmsg.dll") for 'CategoryMessageFile', 'EventMessageFile';
};
for my $how (sort keys %names) {
	vary "name-$how", 'well', sub { $pcmta->($_[0], $names{$how}, 'C:\exchsrvr\connect\msmcon') };
	vary "name-$how-right", 'broken', sub { $pcmta->($_[0], $names{$how}, $_[0]{relocated}) } if $how =~ /greek|pattern|percent/;
}
vary 'name-many', 'well', sub { my ($s) = @_; $pcmta->($s, sprintf('Line %02d', $_), $_ % 3 ? $s->{relocated} : 'C:\exchsrvr\connect\msmcon', $_ % 2 ? 'async.exe' : 'x25eicon.exe') for 1 .. 30 };
my $no_mtas = sub { my ($s) = @_; $s->drop_key("*\\$_"), $s->drop_key("*\\EventLog\\Application\\$_") for $s->{lan}, $s->{x25} };
vary 'name-none', 'well', $no_mtas, touches => 'all';
vary 'name-none-broken', 'broken', $no_mtas, touches => 'all';
vary 'name-given', 'broken', sub { my ($s) = @_; $s->set('@\Courier', $_->[0], $_->[1], $_->[2]) for ['ImagePath', 2, 'C:\exchsrvr\connect\msmcon\bin\macgate.exe'], ['Type', 4, 16]; $s->option(pcmta => ['Courier']) };
vary 'name-struck', 'broken', sub { my ($s) = @_; $s->option(no_pcmta => [$s->{x25}]) };
vary 'name-left-parameters', 'well', sub { $_[0]->set('*\Old MTA\Parameters', 'DrivesUNC', 7, '\\\\MAIL1\maildat$ /Z'); $_[0]->set('@\MSExchangeMSMI', 'ImagePath', 2, 'C:\exchsrvr\connect\msmcon\bin\mt.exe') }, touches => 'interchange';
vary 'name-left-source', 'well', sub { $_[0]->set('*\EventLog\Application\Old MTA', 'EventMessageFile', 2, 'C:\exchsrvr\connect\msmcon\bin\xtnmsg.dll') };
vary 'name-no-image', 'well', sub { my ($s) = @_; $pcmta->($s, 'Half made', $s->{relocated}); $s->drop('*\Half made', 'ImagePath') };
vary 'name-no-source', 'broken', sub { my ($s) = @_; $s->drop_key("*\\EventLog\\Application\\$s->{x25}") }, touches => 'category';
vary 'appletalk', 'well', sub {
	my ($s) = @_;
	for my $f ('Macgate.exe', 'Macgperf.dll') { my $data = Drives::slurp($s->ours($f =~ /exe/ ? 'Bin\mt.exe' : 'Bin\mtperf.dll')); $s->write_file($_, $data) for $s->ours("Bin\\$f"), $s->setups("Bin\\$f") }
	$s->set('*\MSExchangeATMTA', $_->[0], $_->[1], $_->[2]) for ['ImagePath', 2, 'C:\exchsrvr\connect\msmcon\bin\macgate.exe'], ['Type', 4, 16], ['Start', 4, 2];
	$s->set('*\MSExchangeATMTA\Performance', 'Library', 2, "$s->{relocated}\\bin\\macgperf.dll");
}, touches => 'files';

# Bin. $both: the file on both sides.
my $bin = sub { my ($name, $base, $bend, %more) = @_; vary "bin-$name", $base, $bend, touches => 'files', %more };
my $half = sub { my ($real) = @_; return substr Drives::slurp($real), 0, 20000 };
$bin->('older', 'well', sub { $_[0]->change_version($_[0]->ours('Bin\mt.exe'), 5, 5, 1960, 7) });
$bin->('newer', 'well', sub { $_[0]->change_version($_[0]->ours('Bin\mt.exe'), 5, 5, 2652, 36) });
$bin->('newer-kept', 'well', sub { $_[0]->change_version($_[0]->ours('Bin\mt.exe'), 5, 5, 2652, 36) }, keep => 1);
$bin->('newer-last-part', 'well', sub { my ($s) = @_; $s->change_version($s->setups('Bin\mt.exe'), 5, 5, 2448, 9); $s->change_version($s->ours('Bin\mt.exe'), 5, 5, 2448, 10) });
$bin->('newer-big-number', 'well', sub { my ($s) = @_; $s->change_version($s->ours('Bin\mt.exe'), 5, 5, 40000, 0) });
$bin->('same-version-other-bytes', 'well', sub { my ($s) = @_; my $f = $s->ours('Bin\mt.exe'); my $d = Drives::slurp($f); substr($d, 2000, 4) = 'abcd'; $s->write_file($f, $d) });
$bin->('missing-here', 'well', sub { $_[0]->remove($_[0]->ours('Bin\address.dll')) });
$bin->('missing-setup', 'broken', sub { $_[0]->remove($_[0]->setups('Bin\mt.exe')) });
$bin->('in-neither', 'well', sub { my ($s) = @_; $s->remove($_) for map { ($s->ours("Bin\\$_"), $s->setups("Bin\\$_")) } 'address.dll', 'Conadmin.dll' });
$bin->('only-here-of-this-build', 'well', sub { my ($s) = @_; $s->change_version($s->ours('Bin\mt.exe'), 5, 5, 2448, 0); $s->remove($s->setups('Bin\mt.exe')) });
$bin->('only-here-of-a-build-before', 'well', sub { my ($s) = @_; $s->change_version($s->ours('Bin\mt.exe'), 5, 5, 2365, 99); $s->remove($s->setups('Bin\mt.exe')) });
$bin->('only-here-of-a-build-before-kept', 'well', sub { my ($s) = @_; $s->change_version($s->ours('Bin\mt.exe'), 5, 5, 2365, 99); $s->remove($s->setups('Bin\mt.exe')) }, keep => 1);
$bin->('only-here-administrators', 'well', sub { my ($s) = @_; $s->change_version($s->ours('Bin\Conadmin.dll'), 5, 5, 2232, 11); $s->remove($s->setups('Bin\Conadmin.dll')) });
$bin->('only-here', 'broken', sub { my ($s) = @_; $s->remove($s->setups("Bin\\$_")) for 'Address.dll', 'Conadmin.dll' });
$bin->('setup-empty', 'well', sub { $_[0]->write_file($_[0]->setups('Bin\mt.exe'), '') });
$bin->('setup-cut', 'well', sub { my $f = $_[0]->setups('Bin\mt.exe'); $_[0]->write_file($f, $half->($f)) });
$bin->('setup-text', 'well', sub { $_[0]->write_file($_[0]->setups('Bin\mt.exe'), "no program\r\n") });
$bin->('setup-empty-broken', 'broken', sub { $_[0]->write_file($_[0]->setups('Bin\mt.exe'), '') });
$bin->('setup-cut-broken', 'broken', sub { my $f = $_[0]->setups('Bin\async.exe'); $_[0]->write_file($f, $half->($f)) });
$bin->('setup-empty-not-here', 'well', sub { $_[0]->write_file($_[0]->setups('Bin\extra.dll'), '') });
$bin->('here-empty', 'well', sub { $_[0]->write_file($_[0]->ours('Bin\mt.exe'), '') });
$bin->('here-cut', 'well', sub { my $f = $_[0]->ours('Bin\mt.exe'); $_[0]->write_file($f, $half->($f)) });
$bin->('ini-differs', 'well', sub { $_[0]->write_file($_[0]->ours('Bin\mtperf.ini'), "[info]\r\n") });
$bin->('ini-empty', 'well', sub { $_[0]->write_file($_[0]->ours('Bin\mtperf.ini'), '') });
$bin->('extra-setup', 'well', sub { $_[0]->write_file($_[0]->setups('Bin\X400omv1.dll'), Drives::slurp($_[0]->setups('Bin\mtmsg.dll'))); $_[0]->remove($_[0]->ours('Bin\X400omv1.dll')) });
$bin->('odd-names', 'well', sub { my ($s) = @_; $s->write_file($s->setups("Bin\\$_"), 'x') for 'read me (1).txt', 'Größe.txt', 'a.b.c', 'no ending', '50%.ini' });
$bin->('read-only', 'broken', sub { chmod 0444, $_[0]->ours('Bin\mt.exe'), $_[0]->setups('Bin\mt.exe'); $_[0]->change_version($_[0]->ours('Bin\mt.exe'), 5, 5, 1960, 1); chmod 0444, $_[0]->ours('Bin\mt.exe'); $_[0]->remove($_[0]->setups('Bin\Conadmin.dll')) });
$bin->('sub-folder', 'well', sub { my ($s) = @_; $s->write_file($s->setups('Bin\proxy\i386\a.txt'), 'a'); $s->write_file($s->setups('Bin\proxy\b.txt'), 'b') });
$bin->('sub-folder-both', 'well', sub { my ($s) = @_; $s->write_file($s->setups('Bin\proxy\a.txt'), 'new'); $s->write_file($s->ours('Bin\Proxy\A.txt'), 'old') });
$bin->('folder-against-file', 'broken', sub { my ($s) = @_; $s->write_file($s->setups('Bin\PROXY\a.dll'), 'a'); $s->write_file($s->ours('Bin\proxy'), 'b') });
$bin->('file-against-folder', 'broken', sub { my ($s) = @_; $s->write_file($s->setups('Bin\proxy'), 'a'); $s->write_file($s->ours('Bin\proxy\b.txt'), 'b') });
$bin->('other-case', 'broken', sub { my ($s) = @_; $s->rename_to($s->ours('Bin'), $s->real($s->{relocated}) . '/BIN'); $s->change_version($s->ours('Bin\mt.exe'), 5, 5, 1900, 0); $s->remove($s->setups('Bin\Conadmin.dll')) });
$bin->('none-here', 'broken', sub { $_[0]->remove($_[0]->ours('Bin')) });
$bin->('none-here-well', 'well', sub { $_[0]->remove($_[0]->ours('Bin')) });
$bin->('none-at-setup', 'broken', sub { $_[0]->remove($_[0]->setups('Bin')) });
$bin->('all-older', 'well', sub { my ($s) = @_; for my $f (grep { /\.(exe|dll)$/i } glob $s->ours('Bin') . '/*') { $s->change_version($f, 5, 5, 1960, 1) } });
$bin->('twins', 'broken', sub { my ($s) = @_; $s->write_file($s->real("$s->{relocated}\\Bin") . '/MT.EXE', 'x') }, refuse => {check => 65, plan => 65}, why => 'twins', alone => 1);
$bin->('link', 'broken', sub { my ($s) = @_; my $f = $s->ours('Bin\mt.exe'); unlink $f; symlink '/etc/passwd', $f }, refuse => {check => 65, plan => 65}, why => 'a link', alone => 1);

# Maildata.
my $touch = sub { my ($s, $which, $time) = @_; my $top = $s->real("$s->{$which}\\Maildata"); utime $time, $time, $_ for glob("$top/KEY/*"), glob("$top/MBG/*"), glob("$top/GLB/CONTROL.GLB"), glob("$top/LOG/*") };
my $newer = 1000000000;
vary 'mail-default-lives', 'broken', sub { $touch->($_[0], 'default', $newer) };
# Setup of the one that is all right has left no postoffice at the default place: there it takes a copy to have one.
vary 'mail-default-lives-well', 'well', sub { my ($s) = @_; system 'cp', '-a', $s->ours('Maildata'), $s->setups('Maildata'); $touch->($s, 'default', $newer) };
vary 'mail-both-same', 'broken', sub { $touch->($_[0], $_, $newer) for 'default', 'relocated' };
vary 'mail-none-at-default', 'broken', sub { $_[0]->remove($_[0]->setups('Maildata')); $_[0]->remove($_[0]->setups('Bin\Conadmin.dll')) };
vary 'mail-share-and-times-default', 'broken', sub { $touch->($_[0], 'default', $newer); $share->($_[0], 'C:\exchsrvr\connect\msmcon\maildata') }, touches => 'share';

# Where things are.
vary 'place-nt-name', 'broken', sub { my ($s) = @_; $s->move_nt('C:\WINNT35') };
vary 'place-nt-deep', 'broken', sub { my ($s) = @_; $s->move_nt('C:\NT\WINNT40') ; $s->option(nt => 'C:\NT\WINNT40') };
vary 'place-nt-deeper', 'broken', sub { my ($s) = @_; $s->move_nt('C:\Systems\NT 4.0\Server') ; $s->option(nt => 'C:\Systems\NT 4.0\Server') };
vary 'place-nt-on-e', 'broken', sub { my ($s) = @_; $s->move_nt('E:\WINNT') };
vary 'place-nt-two', 'broken', sub { my ($s) = @_; my $from = $s->real('C:\WINNT'); system 'cp', '-a', $from, "$from.OLD"; $s->remove($s->real('C:\boot.ini')) }, refuse => {check => 66, plan => 66}, why => 'two NT folders, no boot.ini and no --nt', alone => 1;
vary 'place-nt-two-boot-ini', 'broken', sub { my ($s) = @_; my $from = $s->real('C:\WINNT'); system 'cp', '-a', $from, "$from.OLD"; $s->remove($s->setups('Bin\Conadmin.dll')) }, alone => 1;
vary 'place-nt-two-named', 'broken', sub { my ($s) = @_; my $from = $s->real('C:\WINNT'); system 'cp', '-a', $from, "$from.OLD"; $s->option(nt => 'C:\WINNT'); $s->remove($s->setups('Bin\Conadmin.dll')) }, alone => 1;
my %places = (f => 'F:\exchsrvr\connect\msmcon', z => 'Z:\exchsrvr\connect\msmcon', deep => 'E:\Mail\Exchange\Server\exchsrvr\connect\msmcon', space => 'E:\Exchange Data\connect\msmcon',
	'other-name' => 'E:\Shadow', 'other-name-deep' => 'E:\data\po\conn', root => 'F:\\', accents => 'E:\Données\connect\msmcon', same => 'C:\mail\connect\msmcon',
	sibling => 'C:\exchsrvr\connect\msmcon2');
for my $how (sort keys %places) {
	vary "place-relocated-$how", 'broken', sub { $_[0]->move_relocated($places{$how}) };
	vary "place-relocated-$how-well", 'well', sub { $_[0]->move_relocated($places{$how}) } if $how !~ /deep$/;
}
vary 'place-relocated-named', 'broken', sub { my ($s) = @_; $s->move_relocated('E:\Shadow', values => 1); $s->option(relocated => 'E:\Shadow', letters_confirmed => 1) };
vary 'place-short', 'broken', sub { my ($s) = @_; $s->move_relocated('E:\Exchange Data\connect\msmcon'); $s->lead('E:\Exchange Data', 'E:\EXCHAN~1') };
vary 'place-short-well', 'well', sub { my ($s) = @_; $s->move_relocated('E:\Exchange Data\connect\msmcon'); $s->lead('E:\Exchange Data', 'E:\EXCHAN~1') };
vary 'place-short-two', 'well', sub { my ($s) = @_; $s->move_relocated('E:\Exchange Data\connect\msmcon'); mkdir $s->{drive}{E} . '/Exchange Old'; $s->set('@\MSExchangeMSMI', 'ImagePath', 2, 'E:\EXCHAN~1\connect\msmcon\bin\mt.exe') }, touches => 'place';
vary 'place-hijack', 'well', sub { my ($s) = @_; my $mt = Drives::slurp($s->ours('Bin\mt.exe')); $s->move_relocated('E:\Exchange Data\connect\msmcon'); $s->write_file("$s->{drive}{E}/Exchange.exe", $mt) };
vary 'place-hijack-bare', 'well', sub { my ($s) = @_; $s->move_relocated('E:\Exchange Data\connect\msmcon'); $s->write_file("$s->{drive}{E}/Exchange", 'x') };
vary 'place-no-hijack', 'broken', sub { my ($s) = @_; $s->move_relocated('E:\Exchange Data\connect\msmcon'); mkdir "$s->{drive}{E}/$_" for 'Exchange', 'Exchange.exe', 'Data.exe' };
my $folder_2000 = sub { my ($s) = @_; $s->move_relocated('E:\Exchange Data\connect\msmcon'); mkdir "$s->{drive}{E}/Exchange"; $s->hive('SOFTWARE', ['set', 'Microsoft\Windows NT\CurrentVersion', 'CurrentVersion', 1, Bend::data_of(1, '5.0')]) };
vary 'place-hijack-folder-2000', 'well', $folder_2000;
vary 'place-hijack-folder-2000-broken', 'broken', $folder_2000;
vary 'interchange-bare-twice', 'well', sub { my ($s) = @_; $s->write_file($s->ours('Bin\mt'), 'x'); $s->set('@\MSExchangeMSMI', 'ImagePath', 2, "$s->{relocated}\\bin\\mt") }, edit => 'mt.exe';
vary 'library-bare-twice', 'broken', sub { my ($s) = @_; $s->write_file($s->ours('Bin\xtnperf'), 'x'); $s->set('@\MSExchangePCMTA\Performance', 'Library', 1, "$s->{relocated}\\bin\\xtnperf") };
vary 'place-default-gone', 'well', sub { my ($s) = @_; $s->remove($s->real($s->{default})) }, touches => 'files';
vary 'place-default-gone-old-values', 'broken', sub { my ($s) = @_; $s->remove($s->real($s->{default})) }, touches => 'files';
vary 'place-exchange-elsewhere', 'broken', sub { my ($s) = @_; $s->move_exchange('C:\Program Files\exchsrvr') }, touches => 'files';
vary 'place-exchange-d', 'broken', sub { my ($s) = @_; $s->move_exchange('D:\exchsrvr') }, touches => 'files';
vary 'place-drive-not-given', 'well', sub { delete $_[0]{drive}{E} }, refuse => {check => 66, plan => 66}, why => 'the drive of the relocated folder was not given', alone => 1;
vary 'place-not-moved', 'broken', sub { my ($s) = @_; $s->lead($s->{relocated}, 'C:\exchsrvr\connect\msmcon'); $s->remove("$s->{drive}{E}/exchsrvr") }, refuse => {check => [65, 66], plan => [65, 66]}, why => 'never moved', alone => 1;

# Services that are not the connector's.
vary 'other-srvany', 'well', sub { $_[0]->set('@\Watch', $_->[0], $_->[1], $_->[2]) for ['ImagePath', 2, 'C:\reskit\srvany.exe'], ['Type', 4, 16]; $_[0]->set('@\Watch\Parameters', 'Application', 1, 'C:\exchsrvr\connect\msmcon\bin\mt.exe') };
vary 'other-named', 'well', sub { $_[0]->set('@\Backup\Jobs', 'Folders', 7, 'C:\data;C:\exchsrvr\connect\msmcon\maildata') };
vary 'other-binary', 'well', sub { $_[0]->set_raw('@\Backup\Jobs', 'Blob', 3, encode 'UTF-16LE', 'xx C:\exchsrvr\connect\msmcon\maildata yy') };

# What must not be repaired, or not here.
vary 'refuse-cluster', 'broken', sub { $_[0]->set('*\ClusSvc', $_->[0], $_->[1], $_->[2]) for ['ImagePath', 2, '%SystemRoot%\cluster\clussvc.exe'], ['Type', 4, 16], ['Start', 4, 2] }, refuse => {check => 2, plan => 78}, why => 'a cluster', alone => 1;
vary 'refuse-dirty', 'broken', sub { my ($s) = @_; push @{$s->{last}}, sub { my $f = "$s->{config}/SYSTEM"; my $d = Drives::slurp($f); substr($d, 4, 4) = pack 'V', unpack('V', substr $d, 4, 4) + 1; my $sum = 0; $sum ^= $_ for unpack 'V127', $d; substr($d, 508, 4) = pack 'V', $sum; $s->write_file($f, $d) } }, refuse => {check => 65, plan => 65}, why => 'a registry file not written to its end', alone => 1;
vary 'refuse-cut-hive', 'broken', sub { my ($s) = @_; push @{$s->{last}}, sub { my $f = "$s->{config}/SYSTEM"; $s->write_file($f, substr Drives::slurp($f), 0, 65536) } }, refuse => {check => 65, plan => 65}, why => 'a registry file cut off', alone => 1;
vary 'refuse-nt351', 'broken', sub { my ($s) = @_; $s->hive('SOFTWARE', ['set', 'Microsoft\Windows NT\CurrentVersion', 'CurrentVersion', 1, Bend::data_of(1, '3.51')]) }, refuse => {check => 78, plan => 78}, why => 'NT 3.51', alone => 1;
vary 'refuse-no-exchange', 'broken', sub { my ($s) = @_; $s->hive('SOFTWARE', ['drop_key', 'Microsoft\Exchange']); $s->drop_key('*\MSExchangeMSMI') }, refuse => {check => 66, plan => 66}, why => 'no Exchange', alone => 1;
vary 'refuse-read-only', 'broken', sub { $_[0]{mount} = 'E' }, refuse => {check => 2, plan => 77}, why => 'mounted read-only', alone => 1, mount => 'E';
vary 'refuse-read-only-well', 'well', sub { $_[0]{mount} = 'E' }, refuse => {check => 0, plan => [0, 77]}, why => 'mounted read-only', alone => 1, mount => 'E';
vary 'refuse-read-only-c', 'broken', sub { $_[0]{mount} = 'C' }, refuse => {check => 2, plan => 77}, why => 'mounted read-only', alone => 1, mount => 'C';

# One of each kind for `make check`.
my %sample = map { $_ => 1 } qw(interchange-right-quoted interchange-old-arguments interchange-right-bare pcmta-unc interchange-empty pcmta-absent library-multi
	library-is-a-folder interchange-folder interchange-third-drive category-absent message-old-upper list-half-old list-with-system all-values-to-f
	share-absent share-absent-no-sibling share-no-path share-old share-upper share-third sets-default-2 sets-last-good-old alt-lacks-key name-accents
	name-none name-many bin-newer bin-newer-kept bin-setup-empty bin-folder-against-file bin-none-here bin-sub-folder mail-default-lives place-nt-deep
	place-relocated-root place-relocated-other-name-well place-short-well place-hijack place-default-gone refuse-cluster refuse-read-only);

sub all { $_->{sample} = $sample{$_->{name}} for @table; return @table }

1;
