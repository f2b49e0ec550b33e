# SPDX-License-Identifier: GPL-3.0-or-later
# Bends a practice server: registry values, folders, files, times. Registry edits are collected and written once, by hivex.
package Bend;
use strict;
use warnings;
use utf8;
use feature 'fc';
use Encode qw(decode encode);
use File::Copy ();
use File::Path ();
use Win::Hivex;
use Drives;
use Oracle;

# A server in $folder (C, E, ... below it), as it is before it is bent; $seen is what the oracle says of it.
sub new {
	my ($class, $folder, $seen) = @_;
	my $self = bless {folder => $folder, edits => [], option => {}, alt => 'same', drive => {}}, $class;
	$self->{drive}{$_} = "$folder/$_" for grep { -d "$folder/$_" } 'A' .. 'Z';
	$self->{$_} = $seen->{$_} for qw(default relocated set nt);
	($self->{lan}) = grep { ($seen->{rows}{"registry/$_\\ImagePath"}{detail} // '') =~ /async/i } @{$seen->{pcmta}};
	($self->{x25}) = grep { $_ ne $self->{lan} } @{$seen->{pcmta}};
	$self->{config} = $self->real("$self->{nt}\\system32\\config");
	return $self;
}

sub disks { my ($self) = @_; return join ',', map { "$_=$self->{drive}{$_}" } sort keys %{$self->{drive}} }

# The folder of this machine where an NT path is, or would be.
sub real {
	my ($self, $path) = @_;
	my $drives = Drives->new($self->disks());
	my ($letter, $rest) = $path =~ /^(.):\\?(.*)$/s;
	my $real = $self->{drive}{uc $letter} // die "no drive $letter\n";
	for my $part (grep { $_ ne '' } split /\\/, $rest) {
		my ($name) = grep { fc $_ eq fc $part } -d $real ? $drives->names($real) : ();
		$real .= '/' . encode('UTF-8', $name // $part);
	}
	return $real;
}
sub ours { return $_[0]->real("$_[0]{relocated}\\$_[1]") }
sub setups { return $_[0]->real("$_[0]{default}\\$_[1]") }

sub data_of {
	my ($type, $text) = @_;
	return pack 'V', $text if $type == 4;
	return $text if $type == 3;
	return encode 'UTF-16LE', join("\0", split /;/, $text) . "\0\0" if $type == 7;
	return encode 'UTF-16LE', "$text\0";
}

# Edits, by key path; @ is Services of the control set of the next start, * those of all control sets.
sub set { my ($self, $key, $name, $type, $text) = @_; push @{$self->{edits}}, ['set', $key, $name, $type, data_of($type, $text)] }
sub set_raw { my ($self, $key, $name, $type, $data) = @_; push @{$self->{edits}}, ['set', $key, $name, $type, $data] }
sub drop { my ($self, $key, $name) = @_; push @{$self->{edits}}, ['drop', $key, $name] }
sub drop_key { my ($self, $key) = @_; push @{$self->{edits}}, ['drop_key', $key] }
# Every text below a key: $change->($text) gives the new one.
sub texts { my ($self, $key, $change) = @_; push @{$self->{edits}}, ['texts', $key, $change] }
sub copy_key { my ($self, $from, $to) = @_; push @{$self->{edits}}, ['copy', $from, $to] }
sub hive { my ($self, $name, @edits) = @_; $self->write_hive($name, @edits) }

# All values of the connector lead to $to instead of $from, in every control set.
sub lead { my ($self, $from, $to, $key) = @_; $self->texts($key // '*', sub { $_[0] =~ s/\Q$from\E/$to/gir }) }

sub write_hive {
	my ($self, $file, @edits) = @_;
	my $path = "$self->{config}/$file";
	my @time = (stat $path)[8, 9];
	my $hive = Win::Hivex->open($path, write => 1);
	$self->edit($hive, @$_) for @edits;
	$hive->commit(undef);
	as_nt_writes($path);
	utime @time, $path;
}

sub edit {
	my ($self, $hive, $what, $key, @rest) = @_;
	for my $real ($self->keys_meant($hive, $key)) {
		if ($what eq 'drop_key') { my $node = Drives::key($hive, $real); $hive->node_delete_child($node) if defined $node; next }
		if ($what eq 'copy') { my ($from) = $self->keys_meant($hive, $rest[0]); copy_node($hive, Drives::key($hive, $real), make_key($hive, $from)); next }
		if ($what eq 'texts') { my $node = Drives::key($hive, $real); change_texts($hive, $node, $rest[0]) if defined $node; next }
		my $node = make_key($hive, $real);
		my @values = grep { fc Drives::chars($_->{key}) ne fc $rest[0] } values_in($hive, $node);
		push @values, {key => encode('UTF-8', $rest[0]), t => $rest[1], value => $rest[2]} if $what eq 'set';
		$hive->node_set_values($node, \@values);
	}
}

sub keys_meant {
	my ($self, $hive, $key) = @_;
	return $key =~ s/^@/$self->{set}\\Services/r if $key !~ /^\*/;
	my @sets = grep { /^ControlSet\d+$/i } map { Drives::key_name($hive, $_) } $hive->node_children($hive->root());
	return map { $key =~ s/^\*/$_\\Services/r } @sets;
}

sub make_key {
	my ($hive, $path) = @_;
	my $node = $hive->root();
	for my $name (split /\\/, $path) { $node = Drives::key($hive, $name, $node) // $hive->node_add_child($node, encode 'UTF-8', $name) }
	return $node;
}

sub values_in {
	my ($hive, $node) = @_;
	return map { my ($type, $data) = $hive->value_value($_); {key => $hive->value_key($_), t => $type, value => $data} } $hive->node_values($node);
}

sub copy_node {
	my ($hive, $from, $to) = @_;
	$hive->node_set_values($to, [values_in($hive, $from)]);
	copy_node($hive, $_, make_child($hive, $to, $hive->node_name($_))) for $hive->node_children($from);
}
sub make_child { my ($hive, $node, $name) = @_; return $hive->node_get_child($node, $name) // $hive->node_add_child($node, $name) }

sub change_texts {
	my ($hive, $node, $change) = @_;
	my @values = values_in($hive, $node);
	my $changed = 0;
	for my $value (@values) {
		next if $value->{t} != 1 && $value->{t} != 2 && $value->{t} != 7;
		my $text = decode 'UTF-16LE', $value->{value};
		my $new = $change->($text);
		next if $new eq $text;
		$changed = 1;
		$value->{value} = encode 'UTF-16LE', $new;
	}
	$hive->node_set_values($node, \@values) if $changed;
	change_texts($hive, $_, $change) for $hive->node_children($node);
}

# In a hive of version 1.3 NT knows no lh lists, which hivex makes of the first sub-key: lf, with the first four characters of
# each name in place of its hash. The header's sum stays right, for it covers the header alone.
sub as_nt_writes {
	my ($path) = @_;
	my $data = Drives::slurp($path);
	return if unpack('V', substr $data, 0x18, 4) >= 5;
	my @keys = (unpack 'V', substr $data, 0x24, 4);
	my $changed = 0;
	while (@keys) {
		my $at = 0x1004 + shift @keys;
		my @lists = unpack('V', substr $data, $at + 0x14, 4) ? unpack('V', substr $data, $at + 0x1c, 4) : ();
		while (@lists) {
			my $list = 0x1004 + shift @lists;
			my ($id, $count) = unpack 'a2 v', substr $data, $list, 4;
			my $step = $id eq 'lf' || $id eq 'lh' ? 2 : 1;
			my @words = unpack 'V' . $step * $count, substr $data, $list + 4, 4 * $step * $count;
			if ($id eq 'ri') { push @lists, @words; next }
			push @keys, @words[map { $step * $_ } 0 .. $count - 1];
			next if $id ne 'lh';
			substr($data, $list, 2) = 'lf';
			for my $n (0 .. $count - 1) { substr($data, $list + 8 + 8 * $n, 4) = hint($data, 0x1004 + $words[2 * $n]) }
			$changed = 1;
		}
	}
	return if !$changed;
	open(my $out, '+<:raw', $path) or die "$path: $!\n";
	print $out $data;
	close $out or die "$path: $!\n";
}

sub hint {
	my ($data, $key) = @_;
	my ($flags, $length) = (unpack('v', substr $data, $key + 2, 2), unpack('v', substr $data, $key + 0x48, 2));
	my $name = substr $data, $key + 0x4c, $length;
	$name = pack 'C*', map { $_ > 0xff ? 0 : $_ } unpack 'v*', $name if !($flags & 0x20);
	return substr $name . "\0\0\0\0", 0, 4;
}

# Files and folders. Every maker of a file gives it a time long ago; folders are made as needed.
sub write_file {
	my ($self, $real, $data, $time) = @_;
	File::Path::make_path($real =~ s{/[^/]*$}{}r);
	my $was = -e $real ? (stat _)[9] : 951000000;
	chmod 0644, $real if -e $real && !-w $real;
	open(my $out, '>:raw', $real) or die "$real: $!\n";
	print $out $data;
	close $out or die "$real: $!\n";
	utime $time // $was, $time // $was, $real;
}
sub rename_to {
	my ($self, $from, $to) = @_;
	File::Path::make_path($to =~ s{/[^/]*$}{}r);
	rename $from, $to or die "$from -> $to: $!\n";
}
sub remove { my ($self, $real) = @_; -d $real && !-l $real ? File::Path::remove_tree($real) : unlink $real }
sub new_drive { my ($self, $letter) = @_; mkdir "$self->{folder}/$letter"; $self->{drive}{$letter} = "$self->{folder}/$letter" }

# A copy with another version (a.b.c.d) in its resource, the bytes else the same.
sub with_version {
	my ($data, @v) = @_;
	my $at = index $data, pack 'V', 0xFEEF04BD;
	die "no version\n" if $at < 0;
	substr($data, $at + 8, 8) = pack 'V V', $v[0] << 16 | $v[1], $v[2] << 16 | $v[3];
	substr($data, $at + 16, 8) = substr $data, $at + 8, 8;
	return $data;
}
sub change_version { my ($self, $real, @v) = @_; $self->write_file($real, with_version(Drives::slurp($real), @v)) }

# The relocated Msmcon is now $to, on whatever drive; with everything that leads there unless told otherwise.
sub move_relocated {
	my ($self, $to, %but) = @_;
	my $from = $self->{relocated};
	$self->new_drive(substr $to, 0, 1) if !$self->{drive}{substr $to, 0, 1};
	if ($to =~ /^.:\\$/) {
		my $old = $self->real($from);
		opendir(my $folder, $old) or die;
		$self->rename_to("$old/$_", $self->real($to) . "/$_") for grep { !/^\.\.?$/ } readdir $folder;
	} else {
		$self->rename_to($self->real($from), $self->real($to));
	}
	my $text = $to =~ s/\\$//r;
	$self->lead($from, $text, $but{key}) if !$but{values};
	$self->{relocated} = $to =~ s/\\$//r;
}

# An option of the program, which the oracle is told as well.
sub option { my ($self, %more) = @_; $self->{option}{$_} = $more{$_} for keys %more }

# Windows NT stands in $to; what is said of it in the registry and boot.ini follows.
sub move_nt {
	my ($self, $to) = @_;
	$self->rename_to($self->real($self->{nt}), $self->real($to));
	$self->{config} = $self->real("$to\\system32\\config");
	$self->hive('SOFTWARE', ['set', 'Microsoft\Windows NT\CurrentVersion', 'SystemRoot', 1, data_of(1, $to)]);
	my $ini = $self->real('C:\boot.ini');
	my $disk = $to =~ /^C/ ? 1 : 2;
	my $tail = substr $to, 2;
	$self->write_file($ini, Drives::slurp($ini) =~ s/partition\(1\)\\WINNT/partition($disk)$tail/gr);
	$self->{nt} = $to;
}

# Exchange was installed in $to.
sub move_exchange {
	my ($self, $to) = @_;
	my $from = $self->{default} =~ s/\\connect\\msmcon$//ir;
	$self->new_drive(substr $to, 0, 1) if !$self->{drive}{substr $to, 0, 1};
	$self->rename_to($self->real($from), $self->real($to));
	$self->rename_to($self->real('C:\Exchange Server Setup.log'), $self->real(substr($to, 0, 3) . 'Exchange Server Setup.log')) if $to !~ /^C/;
	$self->lead($from, $to);
	$self->hive('SOFTWARE', ['texts', 'Microsoft\Exchange', sub { $_[0] =~ s/\Q$from\E/$to/gir }]);
	$self->{default} = "$to\\connect\\msmcon";
}

# All edits are written; SYSTEM.ALT becomes the same, or what the bend asked for.
sub finish {
	my ($self) = @_;
	my ($system, $alt) = map { "$self->{config}/$_" } qw(SYSTEM SYSTEM.ALT);
	$self->write_hive('SYSTEM', @{$self->{edits}}) if @{$self->{edits}};
	if ($self->{alt} eq 'none') { unlink $alt }
	elsif ($self->{alt} eq 'same' && @{$self->{edits}}) { my @time = (stat $alt)[8, 9]; File::Copy::copy($system, $alt); utime @time, $alt }
	elsif (ref $self->{alt}) { my @time = (stat $alt)[8, 9]; File::Copy::copy($system, $alt); $self->write_hive('SYSTEM.ALT', @{$self->{alt}}); utime @time, $alt }
	$_->() for @{$self->{last} // []};
}

1;
