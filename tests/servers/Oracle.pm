# SPDX-License-Identifier: GPL-3.0-or-later
# Says of a server whether all of steps 1 to 4 of Q240208 is right. Made from the article and what is known of Exchange,
# MS Mail and Windows NT (Q171259, Q143380, Q149205, Q131962, Q150811, Q165748); reads the disks and registry files itself.
package Oracle;
use strict;
use warnings;
use utf8;
use feature 'fc';
use Digest::MD5;
use Encode qw(decode encode);
use Win::Hivex;
use Drives;

# What stays to be done about a row that is not right.
use constant {
	PROGRAM => 'program-can-change',    # another prefix, a file of setup's, a share that is known from elsewhere
	DECISION => 'decision',             # can be changed, but only a person knows whether it should be
	PERSON => 'person-must-act',
	UNKNOWN => 'cannot-tell',
	COMES => 'comes-with-step-2',       # the value is right as soon as its file has been copied
};

# What the values below Services are: key (P stands for each PC MTA), value, what Windows does with it.
my @entries = (
	['P', 'ImagePath', 'image'], ['MSExchangeMSMI', 'ImagePath', 'image'],
	['MSExchangeMSMI\Performance', 'Library', 'library'], ['MSExchangePCMTA\Performance', 'Library', 'library'],
	['EventLog\Application\MSExchangeMSMI', 'CategoryMessageFile', 'message'],
	['EventLog\Application\MSExchangeMSMI', 'EventMessageFile', 'message'],
	['EventLog\Application\P', 'CategoryMessageFile', 'message'], ['EventLog\Application\P', 'EventMessageFile', 'message'],
	['MSExchangeATMTA', 'ImagePath', 'image'], ['MSExchangeATMTA\Performance', 'Library', 'library'],
);

# judge(drives => TEXT, nt =>, relocated =>, live =>, pcmta => [], no_pcmta => []): {trouble} or {rows, facts, ...}.
sub judge {
	my (%option) = @_;
	my $self = bless {option => \%option, drives => Drives->new($option{drives}), rows => {}, facts => {}}, __PACKAGE__;
	for my $step (qw(find_nt open_hives find_services find_folders)) {
		my $trouble = eval { $self->$step() // '' } // 'hive-broken';
		return {trouble => $trouble, rows => {}, facts => {}, right => 0} if $trouble;
	}
	$self->judge_postoffice();
	$self->judge_files();
	$self->judge_values();
	$self->judge_share();
	$self->note_facts();
	$self->{right} = !grep { $_->{verdict} ne 'right' } values %{$self->{rows}};
	return $self;
}

sub row {
	my ($self, $id, $verdict, $kind, $detail) = @_;
	$self->{rows}{$id} = {verdict => $verdict, kind => $kind, detail => $detail};
}

# Every row that is not right, as "id TAB kind TAB detail".
sub reasons {
	my ($self) = @_;
	return ("server\tcannot-tell\t$self->{trouble}") if $self->{trouble};
	return map { join "\t", $_, @{$self->{rows}{$_}}{qw(kind detail)} } grep { $self->{rows}{$_}{verdict} ne 'right' } sort keys %{$self->{rows}};
}

# The Windows NT folder: the one with system32\config\SYSTEM; at most three folders deep.
sub find_nt {
	my ($self) = @_;
	my $drives = $self->{drives};
	my @found;
	if ($self->{option}{nt}) {
		@found = ($self->{option}{nt});
	} else {
		my @look = map { "$_:" } $drives->letters();
		for my $depth (1 .. 3) {
			my @next;
			for my $top (@look) {
				my $at = $drives->resolve("$top\\");
				next if $at->{state} ne 'folder';
				push @next, map { "$top\\$_" } $drives->names($at->{real});
			}
			push @found, grep { $drives->resolve("$_\\system32\\config\\SYSTEM")->{state} eq 'file' } @next;
			@look = @next;
		}
	}
	return 'no-nt' if !@found;
	@found = grep { fc(substr $_, 2) eq fc($self->boot_folder() // '') } @found if @found > 1;
	return 'several-nt' if @found != 1;
	$self->{nt} = $drives->resolve($found[0])->{nt};
	$drives->{variables} = {systemroot => $found[0], windir => $found[0], systemdrive => substr $found[0], 0, 2};
	return;
}

# The folder that boot.ini starts by default, without its drive: "default=multi(0)disk(0)rdisk(0)partition(1)\WINNT".
sub boot_folder {
	my ($self) = @_;
	my ($ini) = grep { $_->{state} eq 'file' } map { $self->{drives}->resolve("$_:\\boot.ini") } $self->{drives}->letters();
	return $ini && Drives::slurp($ini->{real}) =~ /^\s*default\s*=.*\)(\\[^\r\n]*?)\s*$/mi ? $1 : undef;
}

sub open_hives {
	my ($self) = @_;
	for my $name (qw(SYSTEM SOFTWARE)) {
		my $at = $self->{drives}->resolve("$self->{nt}\\system32\\config\\$name");
		return $name eq 'SYSTEM' ? 'no-nt' : 'no-exchange' if $at->{state} ne 'file';
		my $head = substr Drives::slurp($at->{real}), 0, 12;
		my (undef, $first, $second) = unpack 'a4 V V', $head;
		return 'hive-dirty' if $first != $second;
		$self->{$name} = eval { Win::Hivex->open($at->{real}) } or return 'hive-broken';
	}
	my $select = Drives::values_of($self->{SYSTEM}, Drives::key($self->{SYSTEM}, 'Select'));
	my $number = Drives::number_of($select->{default});
	return 'hive-no-select' if !defined $number;
	$self->{set} = sprintf 'ControlSet%03d', $number;
	$self->{services} = Drives::key($self->{SYSTEM}, "$self->{set}\\Services");
	return 'hive-no-services' if !defined $self->{services};
	$self->{sets} = [grep { /^ControlSet\d+$/i } map { Drives::key_name($self->{SYSTEM}, $_) } $self->{SYSTEM}->node_children($self->{SYSTEM}->root())];
	my $setup = Drives::values_of($self->{SOFTWARE}, Drives::key($self->{SOFTWARE}, 'Microsoft\Exchange\Setup'));
	my $root = $setup->{msmailconnector} // $setup->{services};
	return 'no-exchange' if !$root;
	my $text = Drives::text_of($root);
	$text =~ s/\\+$//;
	$self->{default} = $self->{drives}->resolve("$text\\Connect\\Msmcon")->{nt};
	return;
}

sub service_values { my ($self, $key) = @_; return Drives::values_of($self->{SYSTEM}, Drives::key($self->{SYSTEM}, $key, $self->{services})) }

# PC MTAs: services that start a program of the connector, have the parameters Administrator gives each, or its messages.
sub find_services {
	my ($self) = @_;
	my %name;
	for my $node ($self->{SYSTEM}->node_children($self->{services})) {
		my $name = Drives::key_name($self->{SYSTEM}, $node);
		next if $name =~ /^(MSExchange(MSMI|ATMTA|PCMTA)|EventLog)$/i;
		my $values = Drives::values_of($self->{SYSTEM}, $node);
		next if !$values->{type} && !$values->{imagepath};
		my $image = $values->{imagepath} ? Drives::text_of($values->{imagepath}) : '';
		my $parameters = $self->service_values("$name\\Parameters");
		my $message = $self->service_values("EventLog\\Application\\$name")->{eventmessagefile};
		my $is = $image =~ /\\msmcon\\bin\\(async|x25eicon)\b/i || grep { $parameters->{$_} } qw(x25callfacilities x25calluserdata drivesunc driveswan);
		$is ||= $message && Drives::text_of($message) =~ /\\xtnmsg\.dll$/i;
		$name{fc $name} = $name if $is;
	}
	for my $name (@{$self->{option}{pcmta} // []}) { $name{fc $name} = $name }
	for my $name (@{$self->{option}{no_pcmta} // []}) { delete $name{fc $name} }
	$self->{pcmta} = [sort values %name];
	return 'no-exchange' if !%{$self->service_values('MSExchangeMSMI')};
	my $atmta = $self->service_values('MSExchangeATMTA');
	$self->{atmta} = $atmta->{type} || $atmta->{imagepath};
	return;
}

# The entries as (key, value name, use), one for each PC MTA where it has one.
sub entries {
	my ($self) = @_;
	return map {
		my ($key, $name, $use) = @$_;
		$key =~ /(^|\\)P$/ ? (map { my $one = $key; $one =~ s/P$/$_/; [$one, $name, $use] } @{$self->{pcmta}})
			: $key =~ /ATMTA/ && !$self->{atmta} ? () : [$key, $name, $use]
	} @entries;
}

# All full paths a text may name, for finding the folders.
sub paths_in {
	my ($self, $value) = @_;
	return map { s/^\s+|\s+$//gr } map { $self->{drives}->expand($_) } map { split /;/ } map { s/^"([^"]*)".*/$1/r } Drives::strings_of($value);
}

# The relocated Msmcon: what --relocated names, else the one folder with a postoffice that values or the share lead to
# (also of the other control sets), else the one that stands on a drive.
sub find_folders {
	my ($self) = @_;
	my $drives = $self->{drives};
	if ($self->{option}{relocated}) {
		my $at = $drives->resolve($self->{option}{relocated});
		return 'not-there' if $at->{state} ne 'folder';
		return $self->take_relocated($at);
	}
	for my $set ($self->{set}, grep { $_ ne $self->{set} } @{$self->{sets}}) {
		my $services = Drives::key($self->{SYSTEM}, "$set\\Services") // next;
		my %found;
		for my $entry ($self->entries()) {
			my $value = Drives::values_of($self->{SYSTEM}, Drives::key($self->{SYSTEM}, $entry->[0], $services))->{lc $entry->[1]} // next;
			for my $path ($self->paths_in($value)) { $self->maybe_folder($1, \%found) if $path =~ /^(.*)\\bin\\[^\\]+$/i }
		}
		my $share = Drives::values_of($self->{SYSTEM}, Drives::key($self->{SYSTEM}, 'LanmanServer\Shares', $services))->{'maildat$'};
		for my $line ($share ? Drives::strings_of($share) : ()) {
			$self->maybe_folder($1, \%found) if $line =~ /^path=(.*)\\maildata\\?$/i;
		}
		return 'no-relocated' if keys %found > 1;
		return $self->take_relocated(values %found) if %found;
	}
	my %found;
	for my $letter ($drives->letters()) { $self->scan_folder("$letter:", 4, \%found) }
	return 'no-relocated' if keys %found != 1;
	return $self->take_relocated(values %found);
}

sub maybe_folder {
	my ($self, $path, $found) = @_;
	$path .= '\\' if $path =~ /:$/;
	my $at = $self->{drives}->resolve($path);
	return if $at->{state} ne 'folder' || fc $at->{nt} eq fc $self->{default};
	return if $self->{drives}->resolve("$at->{nt}\\Maildata")->{state} ne 'folder';
	$found->{fc $at->{nt}} = $at;
}

sub scan_folder {
	my ($self, $top, $depth, $found) = @_;
	my $at = $self->{drives}->resolve("$top\\");
	return if $at->{state} ne 'folder';
	$self->maybe_folder("$top\\connect\\msmcon", $found)
		if $self->{drives}->resolve("$top\\connect\\msmcon\\maildata\\glb\\master.glb")->{state} eq 'file';
	return if !$depth;
	$self->scan_folder("$top\\$_", $depth - 1, $found) for $self->{drives}->names($at->{real});
}

sub take_relocated {
	my ($self, $at) = @_;
	return 'same-msmcon' if fc $at->{nt} eq fc $self->{default};
	$self->{relocated} = $at->{nt};
	return;
}

sub below { my ($self, $nt, $which) = @_; return Drives::is_below($nt, $self->{$which}) }
sub inside { my ($self, $which, $rest) = @_; my $top = $self->{$which}; $top =~ s/\\$//; return $self->{drives}->resolve("$top\\$rest") }

# The newest change of mail: KEY, MBG, GLB\CONTROL.GLB, LOG of a Maildata folder; 0 where there is none.
sub newest_mail {
	my ($self, $which) = @_;
	my $newest = 0;
	for my $where (qw(KEY MBG LOG GLB)) {
		my $at = $self->inside($which, "Maildata\\$where");
		next if $at->{state} ne 'folder';
		for my $name ($self->{drives}->names($at->{real})) {
			next if $name =~ /^populate\.msm$/i || $where eq 'GLB' && $name !~ /^control\.glb$/i;
			my $time = (stat "$at->{real}/" . encode 'UTF-8', $name)[9];
			$newest = $time if $time > $newest;
		}
	}
	return $newest;
}

# Which postoffice the share of a control set leads to: default, relocated or nothing.
sub share_side {
	my ($self, $set) = @_;
	my $share = Drives::values_of($self->{SYSTEM}, Drives::key($self->{SYSTEM}, "$set\\Services\\LanmanServer\\Shares"))->{'maildat$'};
	my ($path) = map { /^path=(.+)$/i ? $1 : () } $share ? Drives::strings_of($share) : () or return '';
	my $at = $self->{drives}->resolve($path);
	my ($side) = grep { fc $at->{nt} eq fc $self->inside($_, 'Maildata')->{nt} } qw(default relocated);
	return $side // '';
}

# Which of the two postoffices lives: by the newest mail and by what the share named. The service pack may stop the share or lead it
# back (Q240208), so in the set of the next start it speaks only where it leads to the relocated one; it writes to no other set. The
# last block of setup's log dates the service pack (Q158545): mail in the default one since then speaks for it. The same
# time everywhere is that of a copy, and says nothing. Where Maildata is missing nothing can live.
sub judge_postoffice {
	my ($self) = @_;
	my ($default, $relocated) = ($self->newest_mail('default'), $self->newest_mail('relocated'));
	return $self->row('postoffice', 'right', '', 'a person has said so') if ($self->{option}{live} // '') eq 'relocated';
	return $self->row('postoffice', 'wrong', PERSON, 'the relocated postoffice has no mail') if !$relocated;
	my ($there) = map { $_->{state} eq 'folder' } $self->inside('default', 'Maildata');
	my ($before) = grep { $_ } map { $self->share_side($_) } grep { fc $_ ne fc $self->{set} } @{$self->{sets}};
	my $now = $self->share_side($self->{set});
	my $log = $self->{drives}->resolve(substr($self->{default}, 0, 2) . '\\Exchange Server Setup.log');
	my %says = (mail => !$there || $relocated > $default ? 'relocated' : $default > $relocated ? 'default' : '',
		came => $log->{state} eq 'file' && $default > (stat $log->{real})[9] ? 'default' : '', share => $before || ($now eq 'relocated' ? $now : ''));
	my %side = map { $_ => 1 } grep { $_ } $there ? values %says : $says{mail};
	my $detail = join ', ', map { "$_: " . ($says{$_} || 'nothing') } sort keys %says;
	$self->row('postoffice', $side{relocated} && !$side{default} ? ('right', '') : ('wrong', PERSON), $detail);
}

sub judge_files {
	my ($self) = @_;
	my $at = $self->inside('default', 'Bin');
	$self->judge_folder('Bin', $at->{real}) if $at->{state} eq 'folder';
	$self->judge_only_ours();
}

# The connector's own programs and libraries, which setup numbers like the rest of Exchange. The Eicon toolkit has numbers of its
# own, and X400omv1.dll is copied by hand (Q169316, Q178204).
my @connectors = qw(mt.exe mtmsg.dll mtperf.dll async.exe x25eicon.exe xtnmsg.dll xtnperf.dll address.dll conadmin.dll macgate.exe macgperf.dll);

# Those that a connector has whatever it carries: the Interchange and the PC MTA, their messages and counters, and what Mt.exe needs
# (Q143380, Q171259, Q195919, Q169682).
my %needed = map { $_ => 1 } qw(mt.exe mtmsg.dll mtperf.dll async.exe xtnmsg.dll xtnperf.dll address.dll);

# One that setup's side lacks has nothing to be compared with but Exchange itself: Store.exe's build (Q243604), the third number;
# the fourth differs from file to file (Q158530, Q163294). An older build may be the service pack's or not: only a person can tell.
sub judge_only_ours {
	my ($self) = @_;
	my $store = $self->{drives}->resolve(($self->{default} =~ s/\\connect\\msmcon$//ir) . '\\Bin\\Store.exe');
	my $exchange = build($store);
	for my $name (@connectors) {
		my ($ours, $setups) = map { $self->inside($_, "Bin\\$name") } qw(relocated default);
		next if $setups->{state} ne 'none';
		$self->row("file/Bin\\$name", 'wrong', PERSON, 'in neither Bin') if $ours->{state} eq 'none' && $needed{$name};
		next if $ours->{state} ne 'file';
		my $build = build($ours);
		$self->row("file/Bin\\$name", defined $build && defined $exchange && $build >= $exchange ? ('right', '') : ('wrong', UNKNOWN),
			join ' of ', 'only here: build ' . ($build // 'unknown'), $exchange // 'unknown');
	}
}
sub build { my ($at) = @_; my $program = $at->{state} eq 'file' ? Drives::program($at->{real}) : undef; return ref $program && $program->{version} ? $program->{version}[2] : undef }

sub judge_folder {
	my ($self, $rel, $real, $against) = @_;
	my $drives = $self->{drives};
	for my $name ($drives->names($real)) {
		my $setup = "$real/" . encode 'UTF-8', $name;
		my $target = $self->inside('relocated', "$rel\\$name");
		my $id = "file/$rel\\$name";
		if (-d $setup) {
			$self->judge_folder("$rel\\$name", $setup, $against || $target->{state} eq 'file');
		} elsif ($against) {
			$self->row($id, 'wrong', PERSON, 'a folder against a file');
		} elsif ($target->{state} eq 'folder') {
			$self->row($id, 'wrong', PERSON, 'a file against a folder');
		} else {
			$self->row($id, $self->compare_files($setup, $target->{state} eq 'file' ? $target->{real} : undef, $name));
		}
	}
}

# Verdict, kind and detail of a file of setup's against the relocated one.
sub compare_files {
	my ($self, $setup, $target, $name) = @_;
	my $theirs = Drives::program($setup);
	my $is_program = $name =~ /\.(exe|dll)$/i;
	return ('wrong', PERSON, "setup's file is damaged: $theirs") if $is_program && !ref $theirs && (!defined $target || Drives::slurp($setup) ne Drives::slurp($target));
	return ('wrong', PROGRAM, 'only setup has it') if !defined $target;
	return ('right', '', 'the same') if Drives::slurp($setup) eq Drives::slurp($target);
	return ('wrong', PROGRAM, 'different') if !$is_program;
	my $ours = Drives::program($target);
	return ('wrong', PROGRAM, "the relocated file is damaged: $ours") if !ref $ours;
	return ('wrong', $theirs->{version} ? PROGRAM : DECISION, 'only one of them has a version') if !$theirs->{version} != !$ours->{version};
	return ('wrong', PROGRAM, 'different') if !$theirs->{version};
	my $order = Drives::compare_versions($ours->{version}, $theirs->{version});
	return ('wrong', DECISION, 'newer') if $order > 0;
	return ('wrong', PROGRAM, $order < 0 ? 'older' : 'different');
}

sub judge_values {
	my ($self) = @_;
	for my $entry ($self->entries()) {
		my ($key, $name, $use) = @$entry;
		my $value = $self->service_values($key)->{lc $name};
		$self->row("registry/$key\\$name", $self->judge_value($use, $value, "$key\\$name"));
	}
}

# The files that the articles name (Q171259, Q143380).
my %leaves = ('MSExchangeMSMI\ImagePath' => 'mt.exe', 'MSExchangeMSMI\Performance\Library' => 'mtperf.dll', 'MSExchangePCMTA\Performance\Library' => 'xtnperf.dll',
	'MSExchangeATMTA\ImagePath' => 'macgate.exe', 'MSExchangeATMTA\Performance\Library' => 'macgperf.dll');

sub judge_value {
	my ($self, $use, $value, $entry) = @_;
	if (!$value) { return $use eq 'message' ? ('right', '', 'absent, as it may be') : ('wrong', PERSON, 'absent') }
	return ('wrong', PERSON, "type $value->{type}") if $value->{type} != 1 && $value->{type} != 2;
	my $text = Drives::text_of($value);
	$text = $self->{drives}->expand($text) if $value->{type} == 2;
	return ('wrong', PERSON, 'empty') if $text =~ /^\s*$/;
	my @paths = $use eq 'message' ? map { s/^\s+|\s+$//gr } grep { /\S/ } split /;/, $text : $text;
	return ('wrong', PERSON, 'empty') if !@paths;
	my @found = map { $use eq 'image' ? $self->command($_) : $self->library($_) } @paths;
	my ($unknown) = grep { $_->{state} eq 'unknown' } @found;
	return ('wrong', UNKNOWN, "$unknown->{why}: $text") if $unknown;
	my ($default) = grep { $self->below($_->{nt}, 'default') } @found;
	return ('wrong', PROGRAM, "it leads to the default Msmcon: $default->{nt}") if $default;
	my @ours = grep { $self->below($_->{nt}, 'relocated') } @found;
	return ('wrong', PERSON, "it leads to neither Msmcon: $found[0]{nt}") if !@ours;
	for my $at (@found) {
		my $bad = $self->bad_file($use, $at);
		next if !$bad;
		return ('wrong', COMES, "$bad, comes with step 2: $at->{nt}") if $self->comes($use, $at);
		return ('wrong', PERSON, "$bad: $at->{nt}");
	}
	my ($leaf) = map { $leaves{$_} } grep { fc $_ eq fc($entry // '') } keys %leaves;
	return ('wrong', PERSON, "not $leaf: $found[0]{nt}") if $leaf && fc($found[0]{nt} =~ s/^.*\\//r) ne $leaf;
	return ('wrong', PERSON, "arguments: $text") if $use eq 'image' && $text =~ /\.exe"?\s.*?([A-Z]:\\[^"]*)/i && $self->below($self->{drives}->resolve($1)->{nt} // $1, 'default');
	return ('right', '', join ';', map { $_->{nt} } @found);
}

# What of a program file is not as its use needs it, or nothing.
sub bad_file {
	my ($self, $use, $at) = @_;
	return $at->{state} eq 'folder' ? 'a folder' : $at->{why} if $at->{state} ne 'file';
	my $program = Drives::program($at->{real});
	return $program if !ref $program;
	return 'no program' if $use eq 'image' && $program->{kind} ne 'program';
	return 'no library' if $use eq 'library' && $program->{kind} ne 'dll';
	return;
}

# Will step 2 bring a good file to that place?
sub comes {
	my ($self, $use, $at) = @_;
	return 0 if $at->{state} eq 'folder' || $at->{state} eq 'none' && $at->{why} ne 'not there' || !$self->below($at->{nt}, 'relocated');
	my $rest = substr $at->{nt}, length($self->{relocated} =~ s/\\$//r) + 1;
	my $setup = $self->inside('default', $rest);
	return $rest =~ /^bin\\/i && $setup->{state} eq 'file' && !$self->bad_file($use, $setup);
}

# A command line as CreateProcess takes it: quoted, or the first file that ends at a blank, .exe added where there is no ending.
sub command {
	my ($self, $text) = @_;
	$text =~ s/^\s+//;
	return $self->with_ending($1, '.exe') if $text =~ /^"([^"]*)/;
	my @ends;
	while ($text =~ /\s+/g) { push @ends, $-[0] }
	for my $end (@ends, length $text) {
		my $at = $self->with_ending(substr($text, 0, $end), '.exe');
		return $at if $at->{state} eq 'file' || $at->{state} eq 'unknown' && ($at->{why} // '') ne 'no full path';
		my $folder = $end < length $text && $self->is_2000() ? $self->{drives}->resolve(substr $text, 0, $end) : $at;
		return $folder if $folder ne $at && $folder->{state} eq 'folder';
	}
	return $self->with_ending($1, '.exe') if $text =~ /^(.*?\.(?:exe|com))(?:\s|$)/i;
	return $self->with_ending($text, '.exe');
}

# Windows 2000 comes to no service behind a folder named like the words up to a blank (812486); NT 4.0 does (Q195052).
sub is_2000 {
	my ($self) = @_;
	my $version = Drives::values_of($self->{SOFTWARE}, Drives::key($self->{SOFTWARE}, 'Microsoft\Windows NT\CurrentVersion'))->{currentversion};
	return $version && Drives::text_of($version) =~ /^5/;
}

sub library { my ($self, $text) = @_; return $self->with_ending($text, '.dll') }

# A command's name as it stands comes before the one with an ending: a file Program keeps all of Program Files from starting
# (Q195052). LoadLibrary gives every name without a dot its ending.
sub with_ending {
	my ($self, $path, $ending) = @_;
	my $at = $self->{drives}->resolve($path);
	if ($path =~ m{[\\/]\s*$}) { return $at->{state} eq 'file' ? {%$at, state => 'none', why => 'a backslash behind a file'} : $at }
	return $at if $at->{state} eq 'file' && $ending eq '.exe' || $path =~ m{\.[^\\/]*$};
	return $self->{drives}->resolve($path . $ending);
}

sub judge_share {
	my ($self) = @_;
	my $id = 'share/Maildat$';
	my $shares = $self->service_values('LanmanServer\Shares');
	my $share = $shares->{'maildat$'};
	if (!$share) {
		my $known = grep { $_->{type} == 7 && grep { /^path=./i } Drives::strings_of($_) } values %$shares;
		$known ||= grep { Drives::values_of($self->{SYSTEM}, Drives::key($self->{SYSTEM}, "$_\\Services\\LanmanServer\\Shares"))->{'maildat$'} } @{$self->{sets}};
		return $self->row($id, 'wrong', $known ? PROGRAM : PERSON, 'not shared');
	}
	return $self->row($id, 'wrong', PERSON, "type $share->{type}") if $share->{type} != 7;
	my %line = map { /^([^=]+)=(.*)$/s ? (lc $1 => $2) : () } Drives::strings_of($share);
	return $self->row($id, 'wrong', PERSON, 'no path') if !defined $line{path};
	return $self->row($id, 'wrong', PERSON, "not a disk: type $line{type}") if ($line{type} // 0) ne '0';
	return $self->row($id, 'wrong', PERSON, 'no uses') if ($line{maxuses} // 1) eq '0';
	my $at = $self->{drives}->resolve($line{path});
	my $wanted = $self->inside('relocated', 'Maildata');
	# Step 4 leaves no doubt where a share of this name must lead, so any other path is a wrong one.
	return $self->row($id, 'right', '', $at->{nt}) if $at->{state} eq 'folder' && fc $at->{nt} eq fc $wanted->{nt};
	$self->row($id, 'wrong', PROGRAM, "it leads to $at->{nt}");
}

# What speaks against removing the old folder: values and shares that name it, messages only in it. Not judged, but told.
sub note_facts {
	my ($self) = @_;
	$self->{facts}{"$_ $self->{$_}"} = 1 for qw(set nt default relocated);
	$self->{facts}{"pcmta $_"} = 1 for @{$self->{pcmta}};
	$self->note_alt();
	my $folder = fc $self->{default};
	for my $set (@{$self->{sets}}) {
		my $services = Drives::key($self->{SYSTEM}, "$set\\Services") // next;
		my @look = ([$services, $set]);
		while (my $one = shift @look) {
			my ($node, $path) = @$one;
			push @look, map { [$_, "$path\\" . Drives::key_name($self->{SYSTEM}, $_)] } $self->{SYSTEM}->node_children($node);
			my $values = Drives::values_of($self->{SYSTEM}, $node);
			for my $value (values %$values) {
				my $text = fc decode 'UTF-16LE', $value->{data} . ("\0" x (length($value->{data}) % 2));
				my $ansi = fc decode 'cp1252', $value->{data};
				$self->{facts}{"named by $path\\$value->{name}"} = 1 if index($text, $folder) >= 0 || index($ansi, $folder) >= 0;
			}
		}
	}
}

# Where SYSTEM.ALT says otherwise than SYSTEM of an entry or the share.
sub note_alt {
	my ($self) = @_;
	my $at = $self->{drives}->resolve("$self->{nt}\\system32\\config\\SYSTEM.ALT");
	return $self->{facts}{'no SYSTEM.ALT'} = 1 if $at->{state} ne 'file';
	my $alt = eval { Win::Hivex->open($at->{real}) };
	return $self->{facts}{'SYSTEM.ALT cannot be read'} = 1 if !$alt;
	for my $entry ($self->entries(), ['LanmanServer\Shares', 'Maildat$']) {
		my ($here, $there) = map { Drives::values_of($_, Drives::key($_, "$self->{set}\\Services\\$entry->[0]"))->{fc $entry->[1]} } $self->{SYSTEM}, $alt;
		my @sides = map { $_ ? "$_->{type} $_->{data}" : '' } $here, $there;
		$self->{facts}{"SYSTEM.ALT differs in $entry->[0]\\$entry->[1]"} = 1 if $sides[0] ne $sides[1];
	}
}

1;
