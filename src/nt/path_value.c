/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The paths inside a registry value: where they are, where they lead, and the same value leading
 * elsewhere. */
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
	bool drive; /* stands for the drive of the system root only */
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
	for (size_t i = 0; i < ARRAY_SIZE(openings); i++) {
		size_t size = strlen(openings[i].written);
		if (len >= size && text_equal_n(text, openings[i].written, size) &&
			(len == size || scan_separator(text[size])))
			return &openings[i];
	}
	return NULL;
}

/* The full path of text[begin, end), or NULL if it is not one. False for want of memory. */
static bool span_expand(TALLOC_CTX *mem, const char *text, struct path_span *span,
	const char *system_root)
{
	size_t len = span->end - span->begin, root_len = system_root ? strlen(system_root) : 0;
	const struct opening *opening = opening_find(text + span->begin, len);
	size_t skip = opening ? strlen(opening->written) : 0;
	char *whole;

	span->full = NULL;
	if (opening && root_len < 2)
		return true;
	root_len = !opening ? 0 : opening->drive ? 2 : root_len;
	whole = talloc_asprintf(NULL, "%.*s%.*s", (int)root_len, opening ? system_root : "",
		(int)(len - skip), text + span->begin + skip);
	if (whole)
		span->full = path_normal(mem, whole);
	talloc_free(whole);
	return whole;
}

/* Whether text[0, at) ends in a program's extension with a name before it. */
static bool program_ends(const char *text, size_t at)
{
	static const char *const extensions[] = { ".exe", ".com", ".bat", ".cmd", ".dll", ".sys" };

	if (at < 5 || scan_separator(text[at - 5]))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(extensions); i++)
		if (text_equal_n(text + at - 4, extensions[i], 4))
			return true;
	return false;
}

/* Whether a word of a command line continues the path before it: "Server\\bin\\mt", no option, no
 * path of its own. */
static bool word_goes_on(const char *word, size_t len)
{
	bool separated = false;

	for (size_t i = 0; i < len; i++)
		separated |= scan_separator(word[i]);
	return separated && *word != '-' && *word != '"' && !scan_separator(*word) &&
		!(len > 1 && word[1] == ':');
}

/* Where the program of an unquoted command line text[0, len) ends. CreateProcess tries each blank
 * in turn; without a disk to ask, the words tell. */
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
	return talloc_asprintf(mem, "%s%s", full,
		strchr(path_leaf(full), '.')   ? ""
			: form == PATH_COMMAND ? ".exe"
					       : ".dll");
}

/* The path in text[begin, end), which is the whole value or one item of a list. Blanks around it
 * and quotes do not belong to it. */
static struct path_span span_find(const char *text, size_t begin, size_t end, enum path_form form)
{
	const char *quote;

	while (begin < end && is_blank(text[begin]))
		begin++;
	if (begin < end && text[begin] == '"') {
		begin++;
		quote = memchr(text + begin, '"', end - begin);
		end = quote ? (size_t)(quote - text) : end;
	} else if (form == PATH_COMMAND) {
		end = begin + command_end(text + begin, end - begin);
	}
	while (end > begin && is_blank(text[end - 1]))
		end--;
	return (struct path_span){ .begin = begin, .end = end };
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

struct path_span *path_spans(TALLOC_CTX *mem, const char *text, enum path_form form,
	const char *system_root, size_t *count)
{
	size_t end = strlen(text), stop;
	struct path_span *spans = memory_array(mem, sizeof *spans, 1), *span;

	*count = 0;
	for (size_t begin = 0; spans && begin <= end; begin = stop + 1) {
		stop = form == PATH_LIST ? item_end(text, begin, end) : end;
		span = memory_more(mem, &spans, *count, sizeof *spans);
		if (span)
			*span = span_find(text, begin, stop, form);
		if (!span || !span_expand(spans, text, span, system_root))
			TALLOC_FREE(spans);
		else if (span->begin < span->end)
			(*count)++;
	}
	return spans;
}

static bool name_is(const char *name, size_t len, const char *other, size_t other_len)
{
	return len == other_len && text_equal_n(name, other, len);
}

/* Whether the full path is inside the folder, name by name, each long or 8.3. *depth is the number
 * of the folder's names. */
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

size_t path_prefix(const char *text, const struct path_span *span, const struct path_folder *folder)
{
	const char *path = text + span->begin;
	size_t len = span->end - span->begin, depth, start, opened, at, name, name_len;
	const struct opening *opening = opening_find(path, len);

	if (!span->full || !folder_holds(folder, span->full, &depth))
		return 0;
	start = opening ? strlen(opening->written) : scan_kernel(path, len) + 2;
	/* A variable stands for the names that are missing from the text. It belongs to the prefix
	 * as a whole or not at all. */
	opened = path_parts(span->full) - scan_count(path + start, len - start);
	if (opened > depth)
		return 0;
	at = start;
	for (size_t i = opened; i < depth; i++)
		(void)scan_name(path, len, &at, &name, &name_len);
	return at;
}

/* Where one path leads. If that is the default folder, *prefix must be replaced. */
static enum path_leads span_leads(const char *text, const struct path_span *span,
	const struct path_folder *from, const struct path_folder *to, size_t *prefix)
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

int path_relocate(TALLOC_CTX *mem, const char *text, enum path_form form, const char *system_root,
	const struct path_folder *from, const struct path_folder *to, enum path_leads *leads,
	char **after)
{
	size_t count, done = 0, prefix, to_len = strlen(to->full);
	struct path_span *spans = path_spans(mem, text, form, system_root, &count);
	char *out = spans ? talloc_strdup(mem, "") : NULL;

	*leads = LEADS_NOWHERE;
	/* The separator after the prefix stays as written, even if the new folder is a root.
	 * Without one, a root brings its own: it needs it. */
	if (to_len > 0 && to->full[to_len - 1] == '\\')
		to_len--;
	for (size_t i = 0; out && i < count; i++) {
		const struct path_span *span = &spans[i];
		enum path_leads one = span_leads(text, span, from, to, &prefix);
		*leads = leads_add(*leads, one);
		if (one != LEADS_DEFAULT)
			continue;
		size_t keep = span->begin + scan_kernel(text + span->begin, prefix);
		bool ends = span->begin + prefix == span->end;
		out = talloc_asprintf_append_buffer(out, "%.*s%.*s", (int)(keep - done),
			text + done, (int)(ends ? strlen(to->full) : to_len), to->full);
		done = span->begin + prefix;
	}
	*after = out ? talloc_strdup_append_buffer(out, text + done) : NULL;
	talloc_free(spans);
	return *after ? 0 : -TROUBLE_MEMORY;
}
