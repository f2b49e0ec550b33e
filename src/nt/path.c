/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Full paths and single names. What values say is in path_value.c. */
#include "nt/path.h"

#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "nt/path_scan.h"

bool scan_separator(char c)
{
	return c == '\\' || c == '/';
}

size_t scan_kernel(const char *text, size_t len)
{
	if (len < 4 || !scan_separator(text[0]) || (text[1] != '?' && !scan_separator(text[1])) ||
		text[2] != '?' || !scan_separator(text[3]))
		return 0;
	return 4;
}

/* A name that is just a dot is the folder itself. */
static bool is_dot(const char *text, size_t len, size_t at)
{
	return text[at] == '.' && at > 0 && scan_separator(text[at - 1]) &&
		(at + 1 == len || scan_separator(text[at + 1]));
}

bool scan_name(const char *text, size_t len, size_t *at, size_t *name, size_t *name_len)
{
	while (*at < len && (scan_separator(text[*at]) || is_dot(text, len, *at)))
		(*at)++;
	*name = *at;
	while (*at < len && !scan_separator(text[*at]))
		(*at)++;
	*name_len = *at - *name;
	return *name_len > 0;
}

static char letter_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool scan_letter(char c)
{
	return letter_upper(c) >= 'A' && letter_upper(c) <= 'Z';
}

/* Appends the names of text to out, a backslash before each; false if NT cannot hold one of
 * them. */
static bool names_copy(const char *text, char *out, bool settle)
{
	size_t at = 0, name, name_len, len = strlen(text);
	char *start = out;

	*out = '\0';
	while (scan_name(text, len, &at, &name, &name_len)) {
		if (settle && name_len == 2 && text[name] == '.' && text[name + 1] == '.') {
			while (out > start && *--out != '\\')
				;
			*out = '\0';
			continue;
		}
		*out = '\\';
		memcpy(out + 1, text + name, name_len);
		out[1 + name_len] = '\0';
		if (!path_name_ok(out + 1))
			return false;
		out += 1 + name_len;
	}
	return true;
}

static char *path_make(TALLOC_CTX *mem, const char *text, bool settle)
{
	size_t kernel = scan_kernel(text, strlen(text));
	char *out;

	text += kernel;
	if (!scan_letter(text[0]) || text[1] != ':' || !scan_separator(text[2]))
		return NULL;
	out = memory_array(mem, 1, strlen(text) + 2);
	if (!out || !names_copy(text + 2, out + 2, settle)) {
		talloc_free(out);
		return NULL;
	}
	out[0] = letter_upper(text[0]);
	out[1] = ':';
	if (out[2] == '\0')
		memcpy(out + 2, "\\", 2);
	/* After \??\ and \\?\ Windows normalises nothing. */
	if (kernel && !settle && strcmp(out + 1, text + 1) != 0)
		TALLOC_FREE(out);
	return out;
}

char *path_normal(TALLOC_CTX *mem, const char *text)
{
	return path_make(mem, text, false);
}

char *path_settle(TALLOC_CTX *mem, const char *text)
{
	return path_make(mem, text, true);
}

size_t scan_count(const char *text, size_t len)
{
	size_t at = 0, name, name_len, count = 0;

	while (scan_name(text, len, &at, &name, &name_len))
		count++;
	return count;
}

size_t path_parts(const char *path)
{
	return scan_count(path + 2, strlen(path + 2));
}

char *path_part(TALLOC_CTX *mem, const char *path, size_t index)
{
	size_t at = 2, name, name_len, len = strlen(path);

	while (scan_name(path, len, &at, &name, &name_len))
		if (index-- == 0)
			return talloc_strndup(mem, path + name, name_len);
	return NULL;
}

const char *path_leaf(const char *path)
{
	const char *last = strrchr(path, '\\');

	return last ? last + 1 : path;
}

char *path_parent(TALLOC_CTX *mem, const char *path)
{
	size_t len = (size_t)(path_leaf(path) - path);

	/* Only a root ends in a backslash. */
	return talloc_strndup(mem, path, len > 3 ? len - 1 : len);
}

char *path_join(TALLOC_CTX *mem, const char *path, const char *name)
{
	size_t len = strlen(path);

	return talloc_asprintf(mem, len > 0 && path[len - 1] == '\\' ? "%s%s" : "%s\\%s", path,
		name);
}

bool path_equal(const char *a, const char *b)
{
	return text_equal(a, b);
}

bool path_under(const char *path, const char *base)
{
	size_t len = strlen(base);

	if (len > 0 && base[len - 1] == '\\')
		len--;
	return strlen(path) >= len && text_equal_n(path, base, len) &&
		(path[len] == '\\' || path[len] == '\0');
}

/* DOS device names: no file can have them, whatever its extension. */
static bool is_device(const char *name)
{
	static const char *const devices[] = { "CON", "PRN", "AUX", "NUL", "COM", "LPT" };
	size_t len = strcspn(name, ".");

	while (len > 0 && name[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++)
		if (text_equal_n(name, devices[i], 3) &&
			(i < 4 ? len == 3 : len == 4 && name[3] >= '1' && name[3] <= '9'))
			return true;
	return false;
}

static bool units_ok(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i += 2)
		if (bytes[i + 1] == 0 && (bytes[i] < 0x20 || strchr("<>:\"/\\|?*", bytes[i])))
			return false;
	return len >= 2 && len <= 2 * 255;
}

bool path_name_ok(const char *name)
{
	size_t len, bytes = strlen(name);
	uint8_t *units;
	bool ok;

	/* No unit takes more than three bytes, so what is longer than any name need not be
	 * checked. */
	if (bytes == 0 || bytes > 3 * 255 || name[bytes - 1] == '.' || name[bytes - 1] == ' ' ||
		is_device(name))
		return false;
	units = text_to_utf16(NULL, name, &len);
	ok = units && units_ok(units, len);
	talloc_free(units);
	return ok;
}

/* Other characters depend on the server's code page and count as not legal. */
static bool short_char(char c)
{
	return scan_letter(c) || (c >= '0' && c <= '9') ||
		(c != '\0' && strchr("!#$%&'()-@^_`{}~", c));
}

bool path_is_short(const char *name)
{
	const char *dot = strchr(name, '.');
	size_t base = dot ? (size_t)(dot - name) : strlen(name);
	size_t extension = dot ? strlen(dot + 1) : 0;

	if (base < 1 || base > 8 || extension > 3 || (dot && extension == 0))
		return false;
	for (const char *c = name; *c; c++)
		if (c != dot && !short_char(*c))
			return false;
	return !is_device(name);
}

/* Takes at most room characters of name[from, to) as a short name has them: without blanks and
 * dots, '_' for what it cannot hold. */
static size_t short_take(const char *name, size_t from, size_t to, size_t room, char *out)
{
	size_t used = 0;

	for (size_t i = from; i < to && used < room; i++) {
		bool inner = ((unsigned char)name[i] & 0xc0) == 0x80;
		if (inner || name[i] == ' ' || name[i] == '.')
			continue;
		out[used++] = short_char(name[i]) ? letter_upper(name[i]) : '_';
	}
	return used;
}

char *path_short_guess(TALLOC_CTX *mem, const char *name)
{
	size_t start = strspn(name, ". "), len = strlen(name), used;
	const char *dot = strrchr(name + start, '.');
	char out[8 + 1 + 3 + 1];

	if (path_is_short(name))
		return talloc_strdup(mem, name);
	used = short_take(name, start, dot ? (size_t)(dot - name) : len, 6, out);
	memcpy(out + used, "~1", 2);
	used += 2;
	if (dot) {
		size_t extension =
			short_take(name, (size_t)(dot - name) + 1, len, 3, out + used + 1);
		out[used] = '.';
		used += extension ? extension + 1 : 0;
	}
	return talloc_strndup(mem, out, used);
}
