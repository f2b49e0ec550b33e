# SPDX-License-Identifier: GPL-3.0-or-later
# The lot of servers: every variation of the table alone, and pairs of them drawn by a seed; and how one is made.
package Lot;
use strict;
use warnings;
use utf8;
use Encode qw(encode);
use File::Path ();
use Bend;
use Oracle;
use Table;

my %scenario = (well => 'nothing-wrong', broken => 'standard');
my @values = qw(interchange pcmta library message category list);

# Two variations can be one server: the same base, and neither bends what the other does.
sub can_pair {
	my ($a, $b) = @_;
	return 0 if $a->{base} ne $b->{base} || $a->{touches} eq $b->{touches};
	for my $one ([$a, $b], [$b, $a]) { return 0 if $one->[0]{touches} eq 'all' && grep { $_ eq $one->[1]{touches} } @values, 'name' }
	return 1;
}

# A small generator of our own (Park and Miller), so that a seed means the same everywhere.
sub drawn {
	my ($state, $below) = @_;
	$$state = ($$state * 16807) % 2147483647;
	return $$state % $below;
}

# The lot: {name, base, parts => [variations], sample, refuse, ...}.
sub lot {
	my ($seed, $pairs) = @_;
	my @table = Table::all();
	my @lot = map { {%$_, parts => [$_]} } @table;
	my @free = grep { !$_->{alone} && !$_->{refuse} && !$_->{keep} } @table;
	my ($state, %have) = (1000 + $seed);
	while (keys %have < $pairs) {
		my ($a, $b) = map { $free[drawn(\$state, scalar @free)] } 1, 2;
		($a, $b) = ($b, $a) if $b->{touches} eq 'place';
		my $name = "$a->{name}+$b->{name}";
		next if $have{$name} || !can_pair($a, $b);
		$have{$name} = 1;
		push @lot, {name => $name, base => $a->{base}, parts => [$a, $b]};
	}
	return @lot;
}

# The one server of a name, single or a pair: also of a pair that no seed draws any more.
sub named {
	my ($name) = @_;
	my %of = map { $_->{name} => $_ } Table::all();
	my @parts = map { $of{$_} // return } split /\+/, $name;
	return @parts == 1 ? {%{$parts[0]}, parts => \@parts} : {name => $name, base => $parts[0]{base}, parts => \@parts};
}

# Makes the two bases below $work with the program's practice, and has the oracle look at them.
sub make_bases {
	my ($program, $work, $seed) = @_;
	my %base;
	for my $name (sort keys %scenario) {
		my $folder = "$work/base-$name";
		my $said = `"$program" train --build "$folder" --scenario $scenario{$name} --seed $seed 2>&1`;
		die "no practice server: $said" if $?;
		unlink "$folder/practice.json";
		make_old($folder) if $name eq 'broken';
		$base{$name} = {folder => $folder, seen => Oracle::judge(drives => "C=$folder/C,E=$folder/E")};
		die "the base $name cannot be told: $base{$name}{seen}{trouble}\n" if $base{$name}{seen}{trouble};
	}
	die "the base well is not all right\n" if !$base{well}{seen}{right};
	die "the base broken is all right\n" if $base{broken}{seen}{right};
	return \%base;
}

# The service pack leaves some values alone, and a seed decides which. Those that the table spells otherwise must be wrong.
sub make_old {
	my ($folder) = @_;
	my $server = Bend->new($folder, Oracle::judge(drives => "C=$folder/C,E=$folder/E"));
	$server->lead($server->{relocated}, 'C:\exchsrvr\connect\msmcon', "\@\\$_")
		for 'MSExchangeMSMI', 'MSExchangePCMTA', $server->{x25}, map { "EventLog\\Application\\$_" } 'MSExchangeMSMI', $server->{x25};
	$server->finish();
}

# Makes one server in $folder: what Bend knows of it.
sub make_server {
	my ($one, $base, $folder) = @_;
	system('cp', '-a', '--reflink=auto', $base->{$one->{base}}{folder}, $folder) == 0 or die "cp failed\n";
	my $server = Bend->new($folder, $base->{$one->{base}}{seen});
	$_->{bend}->($server) for @{$one->{parts}};
	$server->finish();
	return $server;
}

sub look {
	my ($server) = @_;
	return Oracle::judge(%{$server->{option}}, drives => $server->disks());
}

# Options of the program that say the same.
sub options {
	my ($server) = @_;
	my $option = $server->{option};
	return map { encode 'UTF-8', $_ } ($option->{letters_confirmed} ? '--letters-confirmed' : ()), (map { defined $option->{$_} ? ("--$_", $option->{$_}) : () } qw(nt relocated live)),
		(map { ('--pcmta', $_) } @{$option->{pcmta} // []}), (map { ('--no-pcmta', $_) } @{$option->{no_pcmta} // []});
}

# Did it change anything that the oracle sees? A variation that does not is an error of the table.
sub flips {
	my ($one, $base, $seen) = @_;
	return 1 if $one->{refuse};
	return picture($base->{$one->{base}}{seen}) ne picture($seen);
}
sub picture {
	my ($seen) = @_;
	return join "\n", $seen->{trouble} // '', (map { join "\t", $_, @{$seen->{rows}{$_}}{qw(verdict kind detail)} } sort keys %{$seen->{rows}}), sort keys %{$seen->{facts}};
}

1;
