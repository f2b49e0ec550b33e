# SPDX-License-Identifier: GPL-3.0-or-later
# The drives of a server as folders of this machine: paths as Windows NT reads them, program files, registry files.
# Made from the documents alone; shares nothing with the program it helps to judge.
package Drives;
use strict;
use warnings;
use utf8;
use feature 'fc';
use Encode qw(decode encode);
use Win::Hivex;

# "C=/a,E=/b"; variables are those of the server (lower case names, without %).
sub new {
	my ($class, $text) = @_;
	my %drive;
	for my $one (split /(?<!\\),/, $text) {
		my ($letter, $folder) = $one =~ /^([A-Za-z])=(.+)$/ or die "no drive: $one\n";
		$folder =~ s/\\,/,/g;
		$drive{uc $letter} = $folder;
	}
	return bless {drive => \%drive, variables => {}, listed => {}}, $class;
}

sub letters { return sort keys %{$_[0]{drive}} }

# The names of a folder of this machine as characters, without . and ..; kept, for each is asked for often.
sub names {
	my ($self, $real) = @_;
	return @{$self->{listed}{$real}} if $self->{listed}{$real};
	opendir(my $folder, $real) or return;
	my @names = sort map { decode('UTF-8', $_) } grep { $_ ne '.' && $_ ne '..' } readdir $folder;
	$self->{listed}{$real} = \@names;
	return @names;
}

sub is_short { return $_[0] =~ /^[^. ]{1,8}(\.[^. ]{1,3})?$/ }

# Could this long name have got the short name by the rule of NT (first six letters, a number, three of the ending)?
sub could_be_short {
	my ($long, $short) = @_;
	return 0 if is_short($long);
	my ($front, $end) = uc($short) =~ /^(.{1,6})~\d(?:\.(.*))?$/ or return 0;
	my ($base, $tail) = uc($long) =~ /^\.*(.*?)(?:\.([^.]*))?$/;
	for ($base, $tail) { $_ = '' unless defined; s/[ .]//g; s/[+,;=\[\]]/_/g }
	return substr($base, 0, 6) eq $front && substr($tail, 0, 3) eq ($end // '');
}

# The entry of a folder that a component means: (name), or () with a reason in $$why.
sub entry {
	my ($self, $real, $name, $why) = @_;
	my @names = $self->names($real);
	my @same = grep { fc($_) eq fc($name) } @names;
	return $same[0] if @same == 1;
	if (@same > 1) { $$why = 'twins'; return }
	if ($name =~ /~(\d)/) {
		my $number = $1;
		my @could = grep { could_be_short($_, $name) } @names;
		return $could[0] if @could == 1 && $number == 1;
		$$why = 'short name of several' if @could > 1;
	}
	return;
}

# Takes an NT path apart: (letter, components, why not). Only full paths of a drive can be told.
sub parts {
	my ($self, $path) = @_;
	my $raw = $path =~ s/^\\(?:\\|\?)\?\\//;
	return (undef, undef, 'a path of the network') if $path =~ m{^[\\/][\\/]} || $raw && $path =~ /^UNC\\/i;
	$path =~ tr{/}{\\} unless $raw;
	my ($letter, $rest) = $path =~ /^([A-Za-z]):\\(.*)$/s or return (undef, undef, 'no full path');
	my @parts;
	for my $part (split /\\+/, $rest) {
		next if $part eq '' || $part eq '.';
		return (undef, undef, 'a path with ..') if $part eq '..';
		$part =~ s/[. ]+$// unless $raw;
		return (undef, undef, 'a character no name can hold') if $part eq '' || $part =~ m{[<>:"|?*/\x00-\x1f]};
		push @parts, $part;
	}
	return (uc $letter, \@parts, undef);
}

# What a path leads to: {state => file|folder|none|unknown, why, real, nt}. nt is spelled as on the disk as far as it is there.
sub resolve {
	my ($self, $path) = @_;
	my ($letter, $parts, $why) = $self->parts($path);
	return {state => 'unknown', why => $why, nt => $path} if defined $why;
	my $real = $self->{drive}{$letter};
	return {state => 'none', why => "drive $letter: was not given", nt => "$letter:\\" . join '\\', @$parts} if !defined $real;
	my $nt = "$letter:";
	my @left = @$parts;
	while (@left) {
		my $name = -d $real && !-l $real ? $self->entry($real, $left[0], \$why) : undef;
		last if !defined $name;
		$real .= '/' . encode('UTF-8', $name);
		$nt .= "\\$name";
		shift @left;
		return {state => 'unknown', why => 'a link', nt => $nt} if -l $real;
	}
	$nt .= '\\' if $nt =~ /^.:$/ && !@left;
	return {state => $why ? 'unknown' : 'none', why => $why // 'not there', nt => join('\\', $nt, @left), left => scalar @left} if @left;
	return {state => -d _ ? 'folder' : 'file', real => $real, nt => $nt} if -e $real && (-f _ || -d _);
	return {state => 'unknown', why => 'no file', nt => $nt};
}

# Is the path $nt the folder $top, or below it? Both spelled as resolve() does.
sub is_below {
	my ($nt, $top) = map { my $s = fc($_); $s =~ s/\\+$//; $s } @_;
	return $nt eq $top || index($nt, "$top\\") == 0;
}

# Variables of REG_EXPAND_SZ; one that is not known stays as it stands, as in NT.
sub expand {
	my ($self, $text) = @_;
	$text =~ s/%([^%]+)%/exists $self->{variables}{lc $1} ? $self->{variables}{lc $1} : "%$1%"/ge;
	return $text;
}

sub slurp {
	my ($real) = @_;
	open(my $in, '<:raw', $real) or return;
	local $/;
	return scalar readline $in // '';
}

# A program file: {kind => program|dll, version => [a, b, c, d] or undef}; or a reason in words why it is none.
# Microsoft PE and COFF specification: the stub, the headers, the table of sections; whole only if each section's data is there.
sub program {
	my ($real) = @_;
	my $data = slurp($real);
	return 'unreadable' if !defined $data;
	return 'empty' if $data eq '';
	return 'no program file' if length $data < 0x40 || substr($data, 0, 2) ne 'MZ';
	my $pe = unpack 'V', substr $data, 0x3c, 4;
	return 'no program file' if $pe + 24 > length $data || substr($data, $pe, 4) ne "PE\0\0";
	my ($count, $optional, $flags) = (unpack('v', substr $data, $pe + 6, 2), unpack('v v', substr $data, $pe + 20, 4));
	my $table = $pe + 24 + $optional;
	return 'cut off' if $table + 40 * $count > length $data || !$count;
	my @resource;
	for my $n (0 .. $count - 1) {
		my ($name, $virtual, $size, $start) = unpack 'a8 x4 V V V', substr $data, $table + 40 * $n, 40;
		return 'cut off' if $size && $start + $size > length $data;
		@resource = ($start, $size, $virtual) if $name =~ /^\.rsrc\0/;
	}
	return {kind => $flags & 0x2000 ? 'dll' : 'program', version => @resource ? version($data, @resource) : undef};
}

# The fixed file version: type 16 (RT_VERSION) in the tree of resources, then its signature 0xFEEF04BD.
sub version {
	my ($data, $start, $size, $virtual) = @_;
	my $part = substr $data, $start, $size;
	my $at = 0;
	for my $level (0 .. 2) {
		return if $at + 16 > length $part;
		my ($named, $ids) = unpack 'v v', substr $part, $at + 12, 4;
		my $next;
		for my $n (0 .. $named + $ids - 1) {
			my $entry = $at + 16 + 8 * $n;
			return if $entry + 8 > length $part;
			my ($id, $to) = unpack 'V V', substr $part, $entry, 8;
			if ($level || $id == 16) { $next = $to; last }
		}
		return if !defined $next;
		$at = $next & 0x7fffffff;
	}
	return if $at + 8 > length $part;
	my ($rva, $length) = unpack 'V V', substr $part, $at, 8;
	my $info = $rva - $virtual;
	return if $info < 0 || $info + $length > length $part;
	my $where = index substr($part, $info, $length), pack 'V', 0xFEEF04BD;
	return if $where < 0 || $info + $where + 16 > length $part;
	my ($high, $low) = unpack 'V V', substr $part, $info + $where + 8, 8;
	return [$high >> 16, $high & 0xffff, $low >> 16, $low & 0xffff];
}

sub compare_versions {
	my ($a, $b) = @_;
	for my $n (0 .. 3) { return $a->[$n] <=> $b->[$n] if $a->[$n] != $b->[$n] }
	return 0;
}

# A key of a hive by its path: undef if it is not there.
sub key {
	my ($hive, $path, $from) = @_;
	my $node = $from // $hive->root();
	for my $name (split /\\/, $path) {
		my ($child) = grep { fc(chars($hive->node_name($_))) eq fc($name) } $hive->node_children($node);
		return if !defined $child;
		$node = $child;
	}
	return $node;
}

# hivex gives names as characters or as their bytes, as its release has it.
sub chars { return utf8::is_utf8($_[0]) ? $_[0] : decode('UTF-8', $_[0]) }

sub key_name { return chars($_[0]->node_name($_[1])) }

# All values of a key: name as characters => {name, type, data}.
sub values_of {
	my ($hive, $node) = @_;
	return {} if !defined $node;
	my %values;
	for my $value ($hive->node_values($node)) {
		my ($type, $data) = $hive->value_value($value);
		my $name = chars($hive->value_key($value));
		$values{fc $name} = {name => $name, type => $type, data => $data};
	}
	return \%values;
}

# The text of a value up to its end mark, which may be missing; all strings of a REG_MULTI_SZ as a list.
sub text_of {
	my ($value) = @_;
	my $text = decode('UTF-16LE', $value->{data});
	$text =~ s/\0.*//s;
	return $text;
}
sub strings_of {
	my ($value) = @_;
	return grep { $_ ne '' } split /\0/, decode('UTF-16LE', $value->{data});
}
sub number_of { return $_[0] && $_[0]{type} == 4 && length $_[0]{data} == 4 ? unpack('V', $_[0]{data}) : undef }

1;
