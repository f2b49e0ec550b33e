/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paths and service command lines as they stand in the registry.
 *
 * A path value may be quoted, carry arguments, begin with \??\, \\?\ or %SystemRoot% or
 * \SystemRoot\, be written in any case, use 8.3 names (Q147224), or be one of several separated by
 * ';' (event message files). Everything here works on text (see base/text.h) and touches no disk.
 */
#ifndef NT_PATH_H
#define NT_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

/* A full local path, "E:\exchsrvr\connect": drive upper case, single backslashes, no trailing one
 * ("E:\" for the root), names in the spelling given. */

/* Makes a full local path of what a person or a registry value says (slashes either way, repeated
 * or trailing separators, "." between them; behind \??\ or \\?\ it must be one already). NULL if it
 * is not a full local path, holds "..", or a name NT cannot hold. */
char *path_normal(TALLOC_CTX *mem, const char *text);

/* The same, with ".." going one up, as Windows does before it opens a path. */
char *path_settle(TALLOC_CTX *mem, const char *text);

/* The parts of a full path. path_parts counts the names below the drive; path_part gives one (owned
 * by mem). */
size_t path_parts(const char *path);
char *path_part(TALLOC_CTX *mem, const char *path, size_t index);
/* The last name ("" for a root) and the path above it (a root is its own). */
const char *path_leaf(const char *path);
char *path_parent(TALLOC_CTX *mem, const char *path);
char *path_join(TALLOC_CTX *mem, const char *path, const char *name);

/* Case-insensitive. path_under: path is base or lies below it. */
bool path_equal(const char *a, const char *b);
bool path_under(const char *path, const char *base);

/* Whether NT can hold this single name: 1 to 255 UTF-16 units, none of <>:"/\|?* or below 0x20, no
 * trailing dot or space, not CON PRN AUX NUL COM1-9 LPT1-9 with or without extension. */
bool path_name_ok(const char *name);

/* Whether name is already a legal 8.3 name, and the first 8.3 name NT would make of a long one
 * ("EXCHAN~1"). */
bool path_is_short(const char *name);
char *path_short_guess(TALLOC_CTX *mem, const char *name);

/* How a value's text is to be read. */
enum path_form {
	PATH_PLAIN,   /* one path, no arguments: Performance\Library */
	PATH_COMMAND, /* a service command line: ImagePath */
	PATH_LIST,    /* paths separated by ';': event message files */
};

/* One path found inside a value: text[begin, end) is the path as written, without quotes. */
struct path_span {
	size_t begin, end;
	/* normalised and expanded, owned by the array; NULL if it is no full local path */
	char *full;
};

/* Finds every path of a value. system_root ("C:\WINNT", or NULL) is what %SystemRoot%, %windir% and
 * \SystemRoot stand for, its drive what %SystemDrive% does. An unquoted command line ends its path
 * after the first name with an extension .exe, .com, .bat, .cmd, .dll or .sys that is followed by a
 * blank or the end, else behind the last word that goes on with it (has a separator and is neither
 * an option nor a path of its own). *count may be 0. NULL for want of memory. */
struct path_span *path_spans(TALLOC_CTX *mem, const char *text, enum path_form form,
	const char *system_root, size_t *count);

/*
 * The file that Windows takes for a full path: where the last name has no dot, CreateProcess
 * appends ".exe" to a command and LoadLibrary ".dll" to anything else. Owned by mem; NULL for want
 * of memory.
 */
char *path_started(TALLOC_CTX *mem, const char *full, enum path_form form);

/* A folder that values may name in more than one spelling. */
struct path_folder {
	const char *full; /* long form, normalised */
	/* one 8.3 name a part, NULL where there is none or it is not known; may be NULL */
	const char *const *shorts;
};

/* How many leading bytes of text[begin,end) (as written: any case, long or 8.3 names, \??\ in
 * front) name folder itself or a folder on the way below it; 0 if the path does not lead there.
 * Points behind the folder's last name. */
size_t path_prefix(const char *text, const struct path_span *span,
	const struct path_folder *folder);

/* Where a value leads, all its paths taken together. */
enum path_leads {
	LEADS_NOWHERE, /* to neither folder */
	LEADS_DEFAULT,
	LEADS_RELOCATED,
	LEADS_MIXED, /* some to the default folder, some to the relocated one */
};

/* Says where text leads, and in *after (owned by mem) the same text with only the prefix of the
 * default folder replaced by the relocated one in every path of it; *after equals text when nothing
 * leads to the default folder. \??\, quotes, arguments, the leaf and the rest of the path stay as
 * written. 0, or -TROUBLE_MEMORY. */
int path_relocate(TALLOC_CTX *mem, const char *text, enum path_form form, const char *system_root,
	const struct path_folder *from, const struct path_folder *to, enum path_leads *leads,
	char **after);

#endif
