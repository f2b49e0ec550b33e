# SPDX-License-Identifier: GPL-3.0-or-later
# One server: what the oracle says against what the program says and does. Compares files and registry itself.
package Trial;
use strict;
use warnings;
use utf8;
use feature 'fc';
use Digest::MD5;
use Encode qw(decode encode);
use File::Find ();
use JSON::PP ();
use Time::HiRes ();
use Win::Hivex;
use Drives;
use Lot;
use Oracle;

my %type = (REG_SZ => 1, REG_EXPAND_SZ => 2, REG_BINARY => 3, REG_DWORD => 4, REG_MULTI_SZ => 7);

sub new {
	my ($class, $one, $base, $folder, $program) = @_;
	return bless {one => $one, base => $base, folder => $folder, program => $program, wrong => [], did => {}}, $class;
}

sub wrong { my ($self, $text) = @_; push @{$self->{wrong}}, $text }

# Runs all of it; what was found wrong, in words.
sub go {
	my ($self, $keep) = @_;
	my $folder = $self->{folder};
	mkdir $folder;
	$self->{skip} = '';
	eval { $self->try($keep); 1 } or $self->wrong("the trial ended: $@");
	$self->release();
	if (defined $keep) { system 'cp', '-a', "$folder/.", $keep }
	system 'chmod', '-R', 'u+w', $folder;
	system 'rm', '-rf', $folder;
	return @{$self->{wrong}};
}

sub try {
	my ($self, $keep) = @_;
	$self->{server} = Lot::make_server($self->{one}, $self->{base}, "$self->{folder}/server");
	if (defined $keep) { mkdir $keep; system 'cp', '-a', "$self->{folder}/server", "$keep/as-made" }
	my $before = $self->{before} = Lot::look($self->{server});
	$self->wrong('the variation flips nothing') if !Lot::flips($self->{one}, $self->{base}, $before);
	my $mount = $self->{server}{mount};
	return $self->{skip} = 'no read-only mount can be had here' if $mount && !$self->hold($mount);
	my $was = $self->snapshot();
	my $refuse = $self->{one}{refuse};
	my $wanted = $refuse ? $refuse->{check} : $before->{right} ? 0 : 2;
	my ($code, $said) = $self->program('check', '--json');
	my $table = $code =~ /^[02]$/ ? $self->json('out') : undef;
	return $self->wrong("check exits $code, not " . one_of($wanted) . ': ' . $self->because($said)) if !is_one($code, $wanted);
	$self->compare_rows($table) if $table && !$before->{trouble};
	my ($plan) = $self->program('plan', '--output', "$self->{folder}/plan");
	$wanted = $refuse ? $refuse->{plan} : $self->cannot_be_copied() && $plan != 0 && $plan != 70 && $plan < 100 ? $plan : $wanted;
	$self->wrong("plan exits $plan, not " . one_of($wanted) . ': ' . $self->said()) if !is_one($plan, $wanted);
	$self->same($was, 'looking');
	$self->{did}{refused} = 1 if $plan != 0 && $plan != 2;
	return if $refuse || !is_one($plan, 2);
	$self->repair($was);
}

sub is_one { my ($code, $wanted) = @_; return grep { $_ == $code } ref $wanted ? @$wanted : $wanted }
sub one_of { return join ' or ', ref $_[0] ? @{$_[0]} : $_[0] }

# What speaks against an exit code: the oracle's reasons, or the program's rows where the oracle has none.
sub because {
	my ($self, $said) = @_;
	my @reasons = Oracle::reasons($self->{before});
	return join ' | ', 'the oracle: ' . (@reasons ? join('; ', map { s/\t/ - /gr } @reasons[0 .. ($#reasons > 1 ? 1 : $#reasons)]) : 'all right'), 'the program: ' . $self->said();
}

# The first words of what the program said, on standard error or in its rows.
sub said {
	my ($self) = @_;
	my $text = decode 'UTF-8', Drives::slurp("$self->{folder}/err") // '';
	if ($text !~ /\S/) {
		my $json = eval { $self->json('out') };
		$text = join '; ', map { "$_->{id} $_->{state}: $_->{text}" } grep { $_->{state} ne 'right' && $_->{step} < 5 } @{$json->{rows} // []} if $json;
	}
	$text =~ s/\s+/ /g;
	return substr $text, 0, 300;
}

sub json { my ($self, $file) = @_; return JSON::PP->new->utf8->decode(Drives::slurp("$self->{folder}/$file")) }

# Runs the program on the server; its exit code, 999 after a minute. Output is in out and err.
sub program {
	my ($self, @words) = @_;
	my $folder = $self->{folder};
	my $child = fork // die "fork: $!\n";
	if (!$child) {
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', "$folder/out";
		open STDERR, '>', "$folder/err";
		alarm 60;
		exec $self->{program}, '--disks', $self->{server}->disks(), Lot::options($self->{server}), '--runs', "$folder/runs", map { encode 'UTF-8', $_ } @words;
		exit 127;
	}
	waitpid $child, 0;
	return $? & 127 ? 900 + ($? & 127) : $? >> 8;
}

# No row that the oracle finds not right is called right.
sub compare_rows {
	my ($self, $table) = @_;
	my %state = map { row_name($_->{id}) => $_ } @{$table->{rows}};
	return if $table->{look_only} && $self->cannot_be_copied();
	for my $id (sort keys %{$self->{before}{rows}}) {
		my $mine = $self->{before}{rows}{$id};
		my $theirs = $state{fc $id};
		next if $mine->{verdict} eq 'right' || $mine->{kind} eq Oracle::COMES;
		$self->wrong("$id is not right ($mine->{kind}: $mine->{detail}), " . ($theirs ? "check says: $theirs->{text}" : 'check has no such row'))
			if !$theirs || ($theirs->{move} // ($theirs->{state} eq 'right' ? 'none' : '')) eq 'none';
	}
}
# An id without its percent codes.
sub row_name { return fc decode 'UTF-8', encode('UTF-8', $_[0]) =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ger }

sub repair {
	my ($self, $was) = @_;
	my $before = $self->{before};
	my @apply = ('apply', '--plan', "$self->{folder}/plan", '--operator', 'A. Miller', '--yes');
	if (($before->{rows}{postoffice}{verdict} // '') eq 'wrong') {
		my $decided = grep { ($_->{decision} // '') eq 'change' } @{$self->json('plan')->{rows}};
		$self->wrong("which postoffice lives is not settled, and $decided rows are preselected") if $decided;
		# The backup comes with the changes: alone it is nothing to do, and nothing to refuse.
		my $wanted = grep({ $_->{kind} ne 'backup' } @{$self->decide()}) ? 'a refusal' : 1;
		my $code = $self->program(@apply);
		$self->wrong("apply exits $code, not $wanted: nobody has said which postoffice lives") if $wanted eq '1' ? $code != 1 : $code < 3;
		$self->same($was, 'apply to a postoffice that nobody has named');
		$self->{did}{refused} = 1 if $code >= 3;
		$self->{server}->option(live => 'relocated');
		unlink "$self->{folder}/plan";
		my $plan = $self->program('plan', '--output', "$self->{folder}/plan");
		return $self->wrong("plan --live relocated exits $plan: " . $self->said()) if $plan != 2 && $plan != 0;
		$before = $self->{before} = Lot::look($self->{server});
		return if $plan == 0;
	}
	$self->try_missing($was, @apply) if $self->{one}{edit};
	my $planned = $self->decide();
	my $hives = $self->registry();
	my $code = $self->program(@apply);
	return $self->refused($was, $code) if $code != 0 && $code != 1;
	my $after = Lot::look($self->{server});
	$self->compare_outcome($after, $code);
	$self->wrong('an edited value is not right after the repair') if $self->{one}{edit} && !$after->{right};
	$self->compare_change($was, $self->snapshot(), $planned);
	$self->compare_registry($hives, $self->registry(), $planned);
	my $check = $self->program('check', '--json');
	$self->wrong("check after the repair exits $check, not " . ($code == 0 ? 0 : 2) . ': ' . $self->said()) if $check != ($code == 0 ? 0 : 2);
	return $self->same($was, 'apply without a run') if !(() = glob "$self->{folder}/runs/[0-9]*");
	$self->{did}{repaired} = 1;
	my $undo = $self->program('undo', 'last', '--backups', '--operator', 'A. Miller', '--yes');
	$self->wrong("undo exits $undo: " . $self->said()) if $undo != 0;
	$self->{did}{undone} = 1 if $undo == 0;
	$self->same($was, 'undo');
}

# A value may be edited in the plan, but not to a file that is not there: that is refused, and leaves every byte.
sub try_missing {
	my ($self, $was, @apply) = @_;
	my $plan = Drives::slurp("$self->{folder}/plan");
	my $file = $self->{one}{edit};
	$self->{one} = {%{$self->{one}}, edit => 'nosuch.dll'};
	$self->decide();
	my $code = $self->program(@apply);
	$self->wrong("apply exits $code, not 4, for a value edited to a file that is not there: " . $self->said()) if $code != 4;
	$self->same($was, 'a refused edit');
	$self->{did}{refused} = 1 if $code == 4;
	$self->{one} = {%{$self->{one}}, edit => $file};
	open(my $out, '>:raw', "$self->{folder}/plan") or die;
	print $out $plan;
	close $out;
}

# A person's edit of a value that needs one: the same value naming a file of the relocated Bin, its bytes from the text on as they were.
sub edit {
	my ($self, $row) = @_;
	my $text = "$self->{server}{relocated}\\bin\\$self->{one}{edit}";
	my ($old) = decode('UTF-16LE', pack 'H*', $row->{before}{hex}) =~ /^([^\0]*)/;
	my $rest = substr $row->{before}{hex}, 4 * length $old;
	$row->{after} = {%{$row->{before}}, text => $text, hex => unpack('H*', encode 'UTF-16LE', $text) . $rest};
	$row->{decision} = 'change';
}

# Decides whatever the plan leaves open: what has an after side is changed (or kept, where the table says so). The rows to be changed.
sub decide {
	my ($self) = @_;
	my $plan = $self->json('plan');
	my %reason = map { fc $_ => $self->{before}{rows}{$_} } keys %{$self->{before}{rows}};
	my @planned;
	for my $row (@{$plan->{rows}}) {
		my $mine = $reason{row_name($row->{id})};
		my $person = $mine && $mine->{kind} =~ /^(decision|person-must-act|cannot-tell)$/;
		$self->edit($row) if $person && $self->{one}{edit} && $row->{kind} eq 'value';
		$row->{decision} = 'keep' if $person && $self->{one}{keep} && $row->{kind} =~ /^(value|file|share)$/;
		next if !exists $row->{decision};
		$self->wrong("$row->{id} is preselected ($mine->{kind}: $mine->{detail})") if $person && $row->{decision} eq 'change' && !$self->{one}{edit};
		if ($person && $row->{kind} eq 'file' && $mine->{kind} ne 'decision') {
			$row->{decision} = 'keep';
		} elsif ($row->{decision} eq 'undecided') {
			$row->{decision} = $self->{one}{keep} ? 'keep' : $row->{after} || $row->{kind} eq 'backup' ? 'change' : 'undecided';
		}
		push @planned, $row if $row->{decision} eq 'change';
		push @{$self->{kept}}, $row if $row->{decision} eq 'keep';
	}
	open(my $out, '>:raw', "$self->{folder}/plan") or die;
	print $out JSON::PP->new->utf8->canonical->pretty->encode($plan);
	close $out;
	return \@planned;
}

# A refusal is right where a person must act before anything can be written; it leaves every byte.
sub refused {
	my ($self, $was, $code) = @_;
	my $text = $self->said();
	$self->same($was, "apply, which exits $code");
	$self->{did}{refused} = 1;
	$self->wrong("apply exits $code: $text") if !$self->cannot_be_copied() || $code == 70 || $code > 128;
}

# A folder of setup's where the relocated Bin has a file, or the other way: reading tells that it cannot be repaired here.
sub cannot_be_copied { my ($self) = @_; return grep { $_->{detail} =~ /against a (file|folder)/ } values %{$self->{before}{rows}} }

# What the repair should have left: no row that the program can change; exit 0 only where all is right or kept.
sub compare_outcome {
	my ($self, $after, $code) = @_;
	return $self->wrong("after the repair: $after->{trouble}") if $after->{trouble};
	my %kept = map { row_name($_->{id}) => 1 } @{$self->{kept} // []};
	my @left = grep { $after->{rows}{$_}{verdict} ne 'right' && !$kept{fc $_} } sort keys %{$after->{rows}};
	for my $id (@left) {
		my $row = $after->{rows}{$id};
		next if $row->{kind} ne Oracle::PROGRAM && $row->{kind} ne Oracle::COMES;
		$self->wrong("after the repair $id still is not right ($row->{kind}: $row->{detail})");
	}
	return if $code == (@left ? 1 : 0);
	$self->wrong("apply exits $code, and " . (@left ? "not right are: " . join '; ', map { "$_ ($after->{rows}{$_}{kind}: $after->{rows}{$_}{detail})" } @left[0 .. ($#left > 1 ? 1 : $#left)] : 'all is right') . ' | ' . $self->left_by_program());
}
sub left_by_program { my ($self) = @_; my $text = decode 'UTF-8', Drives::slurp("$self->{folder}/out") // ''; $text =~ s/\s+/ /g; return substr $text, 0, 300 }

# Every file of the server: path below its folder => size, time, sum of its bytes; of folders that they are there.
sub snapshot {
	my ($self) = @_;
	my $top = "$self->{folder}/server";
	my %seen;
	File::Find::find({no_chdir => 1, wanted => sub {
		my $path = $_;
		my @stat = Time::HiRes::lstat($path);
		my $what = -l _ ? 'link ' . readlink $path : -d _ ? 'folder' : join ' ', @stat[7, 9], sprintf('%o', $stat[2]), Digest::MD5::md5_hex(Drives::slurp($path) // '');
		$seen{decode 'UTF-8', substr $path, length $top} = $what;
	}}, $top);
	return \%seen;
}

sub same {
	my ($self, $was, $after) = @_;
	my $is = $self->snapshot();
	my @other = grep { ($was->{$_} // '') ne ($is->{$_} // '') } sort keys %{{%$was, %$is}};
	$self->wrong("$after left another tree: " . join ', ', @other[0 .. ($#other > 3 ? 3 : $#other)]) if @other;
}

# Only planned files, the backup and the registry files changed; a copied file has setup's bytes and time.
sub compare_change {
	my ($self, $was, $is, $planned) = @_;
	my $server = $self->{server};
	my $place = sub { my ($real) = @_; return fc decode 'UTF-8', substr $real, length "$self->{folder}/server" };
	my $top = $place->($server->real($server->{relocated}));
	my %may = (map { ($place->("$server->{config}/$_") => 1) } 'SYSTEM', 'SYSTEM.ALT');
	for my $row (grep { $_->{kind} eq 'file' } @$planned) {
		my $rest = row_name($row->{id}) =~ s/^file\///r =~ tr{\\}{/}r;
		$may{"$top/$rest"} = 1;
		my ($target) = grep { fc $_ eq "$top/$rest" } keys %$is;
		my ($source) = grep { fc $_ eq $place->($server->real($server->{default})) . "/$rest" } keys %$is;
		my $bare = sub { return join ' ', (split / /, $_[0] // '')[0, 1, 3] };
		$self->wrong("$row->{id} is not setup's file, or has another time") if !$target || !$source || $bare->($is->{$target}) ne $bare->($is->{$source});
		for (my $folder = $rest; $folder =~ s{/[^/]*$}{};) { $may{"$top/$folder"} = 1 }
	}
	my ($backup) = grep { m{^\Q$top\E/bin\.q240208-[^/]+$}i } map { fc } keys %$is;
	for my $path (sort keys %{{%$was, %$is}}) {
		next if ($was->{$path} // '') eq ($is->{$path} // '') || $may{fc $path};
		if ($backup && index(fc $path, $backup) == 0) {
			my $rest = substr $path, length $backup;
			my ($from) = grep { fc $_ eq "$top/bin" . fc $rest } keys %$was;
			$self->wrong("the backup of $rest is not what it was") if !$from || $was->{$from} ne $is->{$path};
			next;
		}
		$self->wrong("$path was changed, and is in no row of the plan");
	}
}

# Each hive as {path\name => type data}; keys by their path.
sub registry {
	my ($self) = @_;
	my %hives;
	for my $name (grep { -e "$self->{server}{config}/$_" } 'SYSTEM', 'SYSTEM.ALT') {
		my $hive = Win::Hivex->open("$self->{server}{config}/$name");
		my %all;
		my @look = ([$hive->root(), '']);
		while (my $one = pop @look) {
			my ($node, $path) = @$one;
			$all{"$path\\"} = 'key';
			for my $value ($hive->node_values($node)) {
				my ($type, $data) = $hive->value_value($value);
				$all{fc "$path\\" . Drives::chars($hive->value_key($value))} = $type . ' ' . unpack 'H*', $data;
			}
			push @look, map { [$_, "$path\\" . fc Drives::key_name($hive, $_)] } $hive->node_children($node);
		}
		$hives{$name} = \%all;
	}
	return \%hives;
}

# Only planned values changed, and to what the plan says; in SYSTEM.ALT as far as its keys go. A share that was absent comes with the
# permissions it has in another control set: a value of its name below Security.
sub compare_registry {
	my ($self, $was, $is, $planned) = @_;
	my %plan;
	for my $row (grep { $_->{kind} eq 'value' || $_->{kind} eq 'share' } @$planned) {
		my $after = $row->{after};
		my ($key, $name) = $row->{kind} eq 'share' ? ("SYSTEM\\$self->{before}{set}\\Services\\LanmanServer\\Shares", $row->{before}{name} // 'Maildat$') : map { $_ =~ s/%([0-9A-F]{2})/chr hex $1/ger } @$after{qw(key name)};
		$plan{fc((substr $key, 6) . "\\$name")} = ($type{$after->{type}} // -1) . ' ' . lc($after->{hex} // '');
	}
	my ($shared) = grep { /\\lanmanserver\\shares\\maildat\$$/ } keys %plan;
	for my $hive (sort keys %$is) {
		my (@other, %with);
		if ($shared && !exists $was->{$hive}{$shared}) {
			my $security = $shared =~ s/\\(maildat\$)$/\\security\\$1/r;
			my ($known) = map { $was->{$hive}{$_} } sort grep { /^\\controlset\d+\\services\\lanmanserver\\shares\\security\\maildat\$$/ } keys %{$was->{$hive}};
			$with{$security} = $was->{$hive}{$security} // $known if exists $is->{$hive}{$security};
		}
		for my $path (sort keys %{{%{$was->{$hive}}, %{$is->{$hive}}}}) {
			my ($old, $new) = map { $_->{$hive}{$path} // 'nothing' } $was, $is;
			my $wanted = $plan{$path} // $with{$path};
			next if defined $wanted && $new eq $wanted || !defined $wanted && $old eq $new;
			push @other, $path . (defined $wanted ? ' is not as planned' : ' was not planned');
		}
		$self->wrong("$hive: " . @other . ' values: ' . join ', ', @other[0 .. ($#other > 2 ? 2 : $#other)]) if @other;
	}
	for my $path (grep { !exists $is->{SYSTEM}{$_} } sort keys %plan) { $self->wrong("SYSTEM: $path was planned and is not there") }
}

# A drive as a read-only mount, where that can be had.
sub hold {
	my ($self, $letter) = @_;
	my $real = $self->{server}{drive}{$letter};
	return 0 if $> != 0 || system("mount --bind '$real' '$real' 2>/dev/null && mount -o remount,bind,ro '$real' 2>/dev/null") != 0;
	$self->{held} = $real;
	return 1;
}
sub release { my ($self) = @_; system 'umount', delete $self->{held} if $self->{held} }

1;
