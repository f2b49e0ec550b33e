/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The paths inside a registry value: where they are, where they lead, and the same value leading elsewhere. */
#include "nt/path.h"

#include <stdint.h>
#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path_scan.h"

/* What may stand for a folder at the beginning of a path. */
struct opening {
	const char *written;
	bool drive;          /* stands for the drive of the system root only */
};

static const struct opening openings[] = {
	{ "%SystemRoot%", false },
	{ "%windir%", false },
	{ "%SystemDrive%", true },
	{ "\\SystemRoot", false },
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The opening that text[0, len) begins with, followed by a separator or the end. */
static const struct opening *opening_find(const char *text, size_t len)
{
	for (size_t i = 0; i < sizeof openings / sizeof *openings; i++) {
		size_t size = strlen(openings[i].written);
		if (len >= size && text_equal_n(text, openings[i].written, size) &&
		    (len == size || scan_separator(text[size])))
			return &openings[i];
	}
	return NULL;
}

/* The full path of text[begin, end), or NULL if it is not one. False for want of memory. */
static bool span_expand(TALLOC_CTX *mem, const char *text, struct path_span *span, const char *system_root)
{
	size_t len = span->end - span->begin, root_len = system_root ? strlen(system_root) : 0;
	const struct opening *opening = opening_find(text + span->begin, len);
	size_t skip = opening ? strlen(opening->written) : 0;
	char *whole;

	span->full = NULL;
	if (opening && root_len < 2)
		return true;
	whole = memory_array(mem, 1, root_len + len + 1);
	if (!whole)
		return false;
	root_len = !opening ? 0 : opening->drive ? 2 : root_len;
	if (root_len)
		memcpy(whole, system_root, root_len);
	memcpy(whole + root_len, text + span->begin + skip, len - skip);
	whole[root_len + len - skip] = '\0';
	span->full = path_normal(mem, whole);
	talloc_free(whole);
	return true;
}

/* Whether text[0, at) ends in a program's extension with a name before it. */
static bool program_ends(const char *text, size_t at)
{
	static const char *const extensions[] = { ".exe", ".com", ".bat", ".cmd", ".dll", ".sys" };

	if (at < 5 || scan_separator(text[at - 5]))
		return false;
	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++)
		if (text_equal_n(text + at - 4, extensions[i], 4))
			return true;
	return false;
}

/* Whether a word of a command line continues the path before it: "Server\\bin\\mt", no option, no path of its own. */
static bool word_goes_on(const char *word, size_t len)
{
	bool separated = false;

	for (size_t i = 0; i < len; i++)
		separated |= scan_separator(word[i]);
	return separated && *word != '-' && *word != '"' && !scan_separator(*word) && !(len > 1 && word[1] == ':');
}

/* Where the program of an unquoted command line text[0, len) ends. CreateProcess tries each blank in turn; without a disk to ask, the words tell. */
static size_t command_end(const char *text, size_t len)
{
	size_t end = 0, word = 0;

	for (size_t at = 0; at <= len; at++) {
		if (at < len && !is_blank(text[at]))
			continue;
		if (program_ends(text, at))
			return at;
		if (end == 0 || word_goes_on(text + word, at - word))
			end = at;
		word = at + 1;
	}
	return end;
}

char *path_started(TALLOC_CTX *mem, const char *full, enum path_form form)
{
	return talloc_asprintf(mem, "%s%s", full, strchr(path_leaf(full), '.') ? "" : form == PATH_COMMAND ? ".exe" : ".dll");
}

/* The first place of c in text[from, end), or end. */
static size_t find_char(const char *text, size_t from, size_t end, char c)
{
	const char *found = memchr(text + from, c, end - from);

	return found ? (size_t)(found - text) : end;
}

/* The path in text[begin, end), which is the whole value or one item of a list. Blanks around it and quotes do not
 * belong to it. */
static struct path_span span_find(const char *text, size_t begin, size_t end, enum path_form form)
{
	struct path_span span = { 0 };

	while (begin < end && is_blank(text[begin]))
		begin++;
	if (begin < end && text[begin] == '"') {
		begin++;
		end = find_char(text, begin, end, '"');
	} else if (form == PATH_COMMAND) {
		end = begin + command_end(text + begin, end - begin);
	}
	while (end > begin && is_blank(text[end - 1]))
		end--;
	span.begin = begin;
	span.end = end;
	return span;
}

/* Where the item of a list ends that begins at begin: at the next ';' outside of quotes. */
static size_t item_end(const char *text, size_t begin, size_t end)
{
	bool quoted = false;

	for (; begin < end && (quoted || text[begin] != ';'); begin++)
		if (text[begin] == '"')
			quoted = !quoted;
	return begin;
}

/* Adds the path of text[begin, end), if there is one. False for want of memory. */
static bool spans_add(struct path_span **spans, size_t *count, const char *text, struct path_span span,
		      const char *system_root)
{
	if (span.begin == span.end)
		return true;
	if (!memory_more(NULL, spans, *count, sizeof span))
		return false;
	if (!span_expand(*spans, text, &span, system_root))
		return false;
	(*spans)[(*count)++] = span;
	return true;
}

struct path_span *path_spans(TALLOC_CTX *mem, const char *text, enum path_form form, const char *system_root,
			     size_t *count)
{
	size_t end = strlen(text), begin = 0, stop;
	struct path_span *spans = memory_array(mem, sizeof *spans, 1);

	*count = 0;
	while (spans && begin <= end) {
		stop = form == PATH_LIST ? item_end(text, begin, end) : end;
		if (!spans_add(&spans, count, text, span_find(text, begin, stop, form), system_root)) {
			talloc_free(spans);
			return NULL;
		}
		begin = stop + 1;
	}
	return spans;
}

static bool name_is(const char *name, size_t len, const char *other, size_t other_len)
{
	return len == other_len && text_equal_n(name, other, len);
}

/* Whether the full path is inside the folder, name by name, each long or 8.3. *depth is the number of the
 * folder's names. */
static bool folder_holds(const struct path_folder *folder, const char *full, size_t *depth)
{
	size_t base_len = strlen(folder->full), full_len = strlen(full);
	size_t base_at = 2, base, base_size, at = 2, name, size;

	*depth = 0;
	if (base_len < 3 || !text_equal_n(folder->full, full, 2))
		return false;
	while (scan_name(folder->full, base_len, &base_at, &base, &base_size)) {
		const char *other = folder->shorts ? folder->shorts[*depth] : NULL;
		if (!scan_name(full, full_len, &at, &name, &size))
			return false;
		if (!name_is(full + name, size, folder->full + base, base_size) &&
		    !(other && name_is(full + name, size, other, strlen(other))))
			return false;
		(*depth)++;
	}
	return true;
}

static size_t names_count(const char *text, size_t len)
{
	size_t at = 0, name, name_len, count = 0;

	while (scan_name(text, len, &at, &name, &name_len))
		count++;
	return count;
}

size_t path_prefix(const char *text, const struct path_span *span, const struct path_folder *folder)
{
	const char *path = text + span->begin;
	size_t len = span->end - span->begin, depth, start, opened, at, name, name_len;
	const struct opening *opening = opening_find(path, len);

	if (!span->full || !folder_holds(folder, span->full, &depth))
		return 0;
	start = opening ? strlen(opening->written) : scan_kernel(path, len) + 2;
	/* A variable stands for the names that are missing from the text. It belongs to the prefix as a whole or
	 * not at all. */
	opened = path_parts(span->full) - names_count(path + start, len - start);
	if (opened > depth)
		return 0;
	at = start;
	for (size_t i = opened; i < depth; i++)
		(void)scan_name(path, len, &at, &name, &name_len);
	return at;
}

/* Where one path leads. If that is the default folder, *prefix must be replaced. */
static enum path_leads span_leads(const char *text, const struct path_span *span, const struct path_folder *from,
				  const struct path_folder *to, size_t *prefix)
{
	size_t other = path_prefix(text, span, to);

	*prefix = path_prefix(text, span, from);
	if (*prefix == 0 && other == 0)
		return LEADS_NOWHERE;
	/* One folder may lie in the other; the deeper one counts. */
	return other >= *prefix ? LEADS_RELOCATED : LEADS_DEFAULT;
}

static enum path_leads leads_add(enum path_leads all, enum path_leads one)
{
	if (all == LEADS_NOWHERE || all == one)
		return one;
	return one == LEADS_NOWHERE ? all : LEADS_MIXED;
}

static char *bytes_put(char *out, const char *bytes, size_t len)
{
	memcpy(out, bytes, len);
	return out + len;
}

int path_relocate(TALLOC_CTX *mem, const char *text, enum path_form form, const char *system_root,
		  const struct path_folder *from, const struct path_folder *to,
		  enum path_leads *leads, char **after)
{
	size_t count, done = 0, prefix, len = strlen(text), to_len = strlen(to->full);
	struct path_span *spans = path_spans(mem, text, form, system_root, &count);
	char *out = spans && count < (SIZE_MAX - len - 1) / (to_len + 1)
			    ? memory_array(mem, 1, len + count * to_len + 1)
			    : NULL;

	if (!out) {
		talloc_free(spans);
		return -TROUBLE_MEMORY;
	}
	*after = out;
	*leads = LEADS_NOWHERE;
	/* The separator after the prefix stays as written, even if the new folder is a root. Without one, a root
	 * brings its own: it needs it. */
	if (to_len > 0 && to->full[to_len - 1] == '\\')
		to_len--;
	for (size_t i = 0; i < count; i++) {
		const struct path_span *span = &spans[i];
		enum path_leads one = span_leads(text, span, from, to, &prefix);
		*leads = leads_add(*leads, one);
		if (one != LEADS_DEFAULT)
			continue;
		size_t keep = span->begin + scan_kernel(text + span->begin, prefix);
		out = bytes_put(out, text + done, keep - done);
		out = bytes_put(out, to->full, span->begin + prefix == span->end ? strlen(to->full) : to_len);
		done = span->begin + prefix;
	}
	memcpy(out, text + done, len - done + 1);
	talloc_free(spans);
	return 0;
}
