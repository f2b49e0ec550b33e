/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report for a person: 78 columns, words that claim no more than was seen. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "run/report.h"

enum { COLUMNS = 78, LABEL = 11 };

struct writing {
	char *text;                /* NULL once memory has run out */
};

static void put(struct writing *writing, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct writing *writing, const char *format, ...)
{
	va_list args;
	char *more;

	if (!writing->text)
		return;
	va_start(args, format);
	more = talloc_vasprintf_append_buffer(writing->text, format, args);
	va_end(args);
	if (!more)
		talloc_free(writing->text);
	writing->text = more;
}

/* Characters, not bytes: continuation bytes of UTF-8 take no column. */
static int columns_of(const char *text, size_t len)
{
	int columns = 0;

	for (size_t i = 0; i < len; i++)
		columns += ((unsigned char)text[i] & 0xc0) != 0x80;
	return columns;
}

/* Wrapped at blanks; later lines stand below the first word. A word longer than a line is not cut. */
static void put_wrapped(struct writing *writing, int column, int indent, const char *text)
{
	bool fresh = true;

	while (*text) {
		size_t len = strcspn(text, " \n");
		int width = columns_of(text, len);

		if (!fresh && column + 1 + width > COLUMNS) {
			put(writing, "\n%*s", indent, "");
			column = indent;
			fresh = true;
		}
		put(writing, "%s%.*s", fresh ? "" : " ", (int)len, text);
		column += width + (fresh ? 0 : 1);
		fresh = false;
		text += len;
		text += strspn(text, " \n");
	}
	put(writing, "\n");
}

static void put_field(struct writing *writing, const char *label, const char *text)
{
	int column = columns_of(label, strlen(label)), pad = column < LABEL ? LABEL - column : 1;

	put(writing, " %s%*s", label, pad, "");
	put_wrapped(writing, 1 + column + pad, 1 + LABEL, text);
}

/* A string of the report, safe to show whoever wrote it; "" where there is none. Owned by the text being written. */
static const char *shown(struct writing *writing, const json_t *object, const char *member)
{
	const char *text = json_string_value(json_object_get(object, member));
	char *safe = text && writing->text ? text_shown(writing->text, text) : NULL;

	return safe ? safe : "";
}

static bool is(const json_t *object, const char *member, const char *value)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text && !strcmp(text, value);
}

static void put_heading(struct writing *writing, const char *title)
{
	put(writing, "\n%s\n", title);
	for (int i = columns_of(title, strlen(title)); i > 0; i--)
		put(writing, "-");
	put(writing, "\n");
}

/* ---- the top ---- */

static const char *result_sentence(const json_t *report)
{
	if (is(report, "result", "repaired"))
		return _("REPAIRED, steps 1 to 4. Looked at again from scratch: nothing left to change that was not kept by decision.");
	if (is(report, "result", "left"))
		return _("SOMETHING IS LEFT. Looked at again from scratch: not everything that can be changed was changed or kept by decision.");
	if (is(report, "result", "undone"))
		return _("PUT BACK. Every change of this run was turned round.");
	if (is(report, "result", "partly undone"))
		return _("PARTLY PUT BACK. Some changes of this run were turned round, others stand.");
	if (is(report, "result", "nothing"))
		return _("NOTHING WAS CHANGED.");
	return _("NOT FINISHED. The run did not come to its end.");
}

static void put_top(struct writing *writing, const json_t *report)
{
	const json_t *server = json_object_get(report, "server");
	bool practice = json_is_true(json_object_get(report, "simulated"));

	put(writing, _("msmcfix report, Microsoft article %s%s\n"), shown(writing, report, "article"), practice ? _("   PRACTICE, no real server") : "");
	put(writing, "\n");
	put_field(writing, _("Run"), shown(writing, report, "run"));
	put(writing, " %-*s%s (%s)\n", LABEL, _("Server"), shown(writing, server, "name"), shown(writing, report, "reach"));
	put_field(writing, _("Exchange"), shown(writing, report, "exchange"));
	put_field(writing, _("Operator"), shown(writing, report, "operator"));
	put_field(writing, _("Begun"), shown(writing, report, "started"));
	put_field(writing, _("Ended"), shown(writing, report, "ended"));
	put_field(writing, _("Default"), shown(writing, report, "default"));
	put_field(writing, _("Relocated"), shown(writing, report, "relocated"));
	put(writing, "\n");
	put_field(writing, _("Result"), result_sentence(report));
	put_field(writing, _("Mail flow"), _("NOT TESTED. Whether mail flows was not seen by this run."));
}

/* ---- the steps ---- */

static const char *result_word(const json_t *step)
{
	static const char *const words[][2] = {
		{ "done", N_("done") }, { "not finished", N_("not finished") }, { "put back", N_("put back") }, { "kept", N_("kept") },
		{ "nothing to do", N_("nothing to do") }, { "not tested", N_("NOT TESTED") }, { "left", N_("left") },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is(step, "result", words[i][0]))
			return _(words[i][1]);
	return "";
}

static char *step_what(TALLOC_CTX *mem, const json_t *step, int number)
{
	long long made = json_integer_value(json_object_get(step, "made")), kept = json_integer_value(json_object_get(step, "kept"));

	if (number >= 5)
		return talloc_strdup(mem, number == 5 ? _("see above") : _("nothing was moved"));
	if (number == 1)
		return talloc_asprintf(mem, _("%lld files, folders"), made);
	if (kept)
		return talloc_asprintf(mem, _("%lld made, %lld kept"), made, kept);
	return talloc_asprintf(mem, _("%lld made"), made);
}

static const char *check_word(const json_t *step)
{
	if (is(step, "checked", "read back, SHA-256"))
		return _("read back, SHA-256");
	if (is(step, "checked", "read back by two readers"))
		return _("read back by two readers");
	return "";
}

static void put_steps(struct writing *writing, const json_t *report)
{
	const json_t *step;
	size_t i;

	put_heading(writing, _("Steps"));
	json_array_foreach(json_object_get(report, "steps"), i, step) {
		int number = (int)json_integer_value(json_object_get(step, "step"));
		const struct article_step *about = article_step(number);
		char *what = writing->text ? step_what(writing->text, step, number) : NULL;

		if (about && what)
			put(writing, " %d %-16s %-14s %-20s %s\n", number, _(about->title), result_word(step), what, check_word(step));
	}
}

/* ---- every change ---- */

static void put_side(struct writing *writing, const char *label, const json_t *side)
{
	char *text;

	if (!writing->text)
		return;
	if (!json_is_object(side))
		text = talloc_strdup(writing->text, _("not there"));
	else if (json_object_get(side, "sha256"))
		text = talloc_asprintf(writing->text, _("%s  %lld bytes  %s  SHA-256 %.16s..."), shown(writing, side, "version"),
				       (long long)json_integer_value(json_object_get(side, "size")), shown(writing, side, "mtime"),
				       shown(writing, side, "sha256"));
	else if (json_object_get(side, "path"))
		text = talloc_strdup(writing->text, shown(writing, side, "path"));
	else
		text = talloc_asprintf(writing->text, "%s  %s", shown(writing, side, "text"), shown(writing, side, "type"));
	if (text)
		put_field(writing, label, text);
}

static const char *fate_word(const json_t *row)
{
	static const char *const words[][2] = {
		{ "verified", N_("made, looked at again: verified") }, { "put back", N_("put back, looked at again") },
		{ "begun", N_("begun, not seen to its end") }, { "not made", N_("decided, not made") }, { "left", N_("left as it is") },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is(row, "result", words[i][0]))
			return _(words[i][1]);
	return "";
}

static void put_change(struct writing *writing, const json_t *row)
{
	bool sides = json_object_get(row, "before") && !is(row, "kind", "backup");
	char *by;

	put(writing, "\n");
	put_wrapped(writing, 0, 2, shown(writing, row, "id"));
	if (sides) {
		put_side(writing, _("before"), json_object_get(row, "before"));
		put_side(writing, _("after"), json_object_get(row, "after"));
	}
	by = writing->text ? talloc_asprintf(writing->text, _("%s, by %s, %s"), is(row, "decision", "keep") ? _("keep") : _("change"),
					     shown(writing, row, "operator"), shown(writing, row, "decided")) : NULL;
	if (by)
		put_field(writing, _("decided"), by);
	put_field(writing, _("result"), fate_word(row));
}

static void put_changes(struct writing *writing, const json_t *report)
{
	const json_t *row;
	const char *said = "";
	size_t i;

	put_heading(writing, _("Changes and decisions"));
	json_array_foreach(json_object_get(report, "changes"), i, row) {
		const char *how = shown(writing, row, "how");

		/* Said once, not with every row. */
		if (strcmp(how, said) != 0)
			put_field(writing, _("from"), how);
		said = how;
		put_change(writing, row);
	}
}

static void put_left(struct writing *writing, const json_t *report)
{
	const json_t *left = json_object_get(report, "left"), *id;
	size_t i;

	if (!json_array_size(left))
		return;
	put_heading(writing, _("Left, not decided or not done"));
	json_array_foreach((json_t *)(uintptr_t)left, i, id) {
		char *safe = json_is_string(id) && writing->text ? text_shown(writing->text, json_string_value(id)) : NULL;

		if (safe)
			put(writing, " %s\n", safe);
	}
}

/* ---- what else there is to say ---- */

static void put_notes(struct writing *writing, const json_t *report)
{
	const json_t *notes = json_object_get(report, "notes"), *notices = json_object_get(json_object_get(report, "survey"), "notices"), *note;
	size_t i;

	if (json_array_size(notes) || json_array_size(notices))
		put_heading(writing, _("Notes"));
	json_array_foreach((json_t *)(uintptr_t)notes, i, note) {
		const char *text = shown(writing, note, "text");

		put(writing, " %s %s ", shown(writing, note, "at"), shown(writing, note, "what"));
		put_wrapped(writing, 24 + columns_of(shown(writing, note, "what"), strlen(shown(writing, note, "what"))), 3,
			    *text ? text : shown(writing, note, "operator"));
	}
	json_array_foreach((json_t *)(uintptr_t)notices, i, note) {
		put(writing, " ");
		put_wrapped(writing, 1, 3, shown(writing, note, "text"));
	}
}

static void put_saved(struct writing *writing, const json_t *report)
{
	const json_t *hash;
	const char *name;

	put_heading(writing, _("What is kept"));
	if (*shown(writing, report, "backup")) {
		put_field(writing, _("Bin"), shown(writing, report, "backup"));
		put_field(writing, "", _("its list of SHA-256 sums: before/Bin.SHA256SUMS in the run's folder"));
	}
	json_object_foreach((json_t *)(uintptr_t)json_object_get(report, "saved"), name, hash)
		put(writing, " %-*sbefore/%s\n", LABEL, _("Registry"), name);
	put_field(writing, _("Entries"), _("before/entries.reg and after/entries.reg, for the registry editor"));
}

static void put_next(struct writing *writing, const json_t *report)
{
	put_heading(writing, _("What to do next"));
	if (is(report, "result", "repaired") || is(report, "result", "left")) {
		put(writing, " * ");
		put_wrapped(writing, 3, 3, _("Start the server, then the Interchange, then the Connector MTAs, and send mail in both directions: "
				"step 5 of the article was not done by this run."));
		put(writing, " * ");
		put_wrapped(writing, 3, 3, _("The old folder was left, which is a valid end. The next service pack may want it."));
		put(writing, " * ");
		put_wrapped(writing, 3, 3, _("Starting with \"Last Known Good\" would bring old values back."));
		put(writing, " * ");
		put_wrapped(writing, 3, 3, _("The next service pack will do the same again: run msmcfix check after it."));
		put(writing, " * ");
		put(writing, _("To put all back: msmcfix undo %s\n"), shown(writing, report, "run"));
		return;
	}
	put(writing, " * ");
	if (is(report, "state", "paused") || is(report, "state", "cut off"))
		put(writing, _("To go on: msmcfix resume %s\n"), shown(writing, report, "run"));
	else
		put_wrapped(writing, 3, 3, _("Nothing of this run is open. Look at the server again with msmcfix check."));
}

int report_text(TALLOC_CTX *mem, const json_t *report, char **text, struct error *err)
{
	struct writing writing = { talloc_strdup(NULL, "") };

	put_top(&writing, report);
	put_steps(&writing, report);
	put_changes(&writing, report);
	put_left(&writing, report);
	put_notes(&writing, report);
	put_saved(&writing, report);
	put_next(&writing, report);
	/* Without what was borrowed on the way. */
	*text = writing.text ? talloc_strdup(mem, writing.text) : NULL;
	talloc_free(writing.text);
	return *text ? 0 : error_memory(err);
}
