/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report for a person: 78 columns, words that claim no more than was seen. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "run/report_internal.h"

enum { COLUMNS = 78, LABEL = WRITING_LABEL };

void writing_put(struct writing *writing, const char *format, ...)
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
void writing_wrapped(struct writing *writing, int column, int indent, const char *text)
{
	bool fresh = true;

	while (*text) {
		size_t len = strcspn(text, " \n");
		int width = columns_of(text, len);

		if (!fresh && column + 1 + width > COLUMNS) {
			writing_put(writing, "\n%*s", indent, "");
			column = indent;
			fresh = true;
		}
		writing_put(writing, "%s%.*s", fresh ? "" : " ", (int)len, text);
		column += width + (fresh ? 0 : 1);
		fresh = false;
		text += len;
		text += strspn(text, " \n");
	}
	writing_put(writing, "\n");
}

void writing_field(struct writing *writing, const char *label, const char *format, ...)
{
	int column = columns_of(label, strlen(label)), pad = column < LABEL ? LABEL - column : 1;
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(writing->mem, format, args);
	va_end(args);
	writing_put(writing, " %s%*s", label, pad, "");
	if (text)
		writing_wrapped(writing, 1 + column + pad, 1 + LABEL, text);
	else
		TALLOC_FREE(writing->text);
}

/* Safe to show, whoever wrote it; "" for none. Borrowed. */
static const char *safe(struct writing *writing, const char *text)
{
	char *shown = text ? text_shown(writing->mem, text) : NULL;

	return shown ? shown : "";
}

const char *writing_shown(struct writing *writing, const json_t *object, const char *member)
{
	return safe(writing, json_string_value(json_object_get(object, member)));
}

bool report_is(const json_t *object, const char *member, const char *value)
{
	const char *text = json_string_value(json_object_get(object, member));

	return text && !strcmp(text, value);
}

void writing_heading(struct writing *writing, const char *title)
{
	writing_put(writing, "\n%s\n", title);
	for (int i = columns_of(title, strlen(title)); i > 0; i--)
		writing_put(writing, "-");
	writing_put(writing, "\n");
}

void writing_item(struct writing *writing, const char *text)
{
	writing_put(writing, " * ");
	writing_wrapped(writing, 3, 3, text);
}

/* ---- the top ---- */

const char *report_result_sentence(const json_t *report)
{
	if (report_is(report, "result", "repaired"))
		return _("REPAIRED, steps 1 to 4. Looked at again from scratch: nothing left to change that was not kept by "
			 "decision.");
	if (report_is(report, "result", "left"))
		return _("SOMETHING IS LEFT. Looked at again from scratch: not everything that can be changed was changed or "
			 "kept by decision, or a value names a file that is not there.");
	if (report_is(report, "result", "undone"))
		return _("PUT BACK. Every change of this run that can be turned round was.");
	if (report_is(report, "result", "partly undone"))
		return _("PARTLY PUT BACK. Some changes of this run were turned round, others stand.");
	if (report_is(report, "result", "nothing"))
		return _("NOTHING WAS CHANGED.");
	return _("NOT FINISHED. The run did not come to its end.");
}

static void put_when(struct writing *writing, const char *label, const json_t *report, const char *member)
{
	const char *at = writing_shown(writing, report, member);

	if (*at)
		writing_field(writing, label, _("%s (UTC)"), at);
	else
		writing_field(writing, label, _("not yet"));
}

static void put_top(struct writing *writing, const json_t *report)
{
	const json_t *server = json_object_get(report, "server");
	bool practice = json_is_true(json_object_get(report, "simulated"));
	size_t undone = json_array_size(json_object_get(report, "undone_since"));

	writing_put(writing, _("msmcfix report, Microsoft article %s%s\n"), writing_shown(writing, report, "article"),
		    practice ? _("   PRACTICE, no real server") : "");
	writing_put(writing, "\n");
	writing_field(writing, _("Run"), "%s", writing_shown(writing, report, "run"));
	writing_put(writing, " %-*s%s (%s)\n", LABEL, _("Server"), writing_shown(writing, server, "name"),
		    writing_shown(writing, report, "reach"));
	writing_field(writing, _("Exchange"), "%s", writing_shown(writing, report, "exchange"));
	writing_field(writing, _("Operator"), "%s", writing_shown(writing, report, "operator"));
	put_when(writing, _("Begun"), report, "started");
	put_when(writing, _("Ended"), report, "ended");
	put_when(writing, _("Looked at"), report, "surveyed");
	if (undone)
		writing_field(writing, _("Undone"), P_("%zu change was put back since it was looked at. What is said of it below is what was found then.",
						       "%zu changes were put back since it was looked at. What is said of them below is what was found then.",
						       undone), undone);
	writing_field(writing, _("Control set"), "%s", writing_shown(writing, report, "control_set"));
	writing_field(writing, _("Default"), "%s", writing_shown(writing, report, "default"));
	writing_field(writing, _("Relocated"), "%s", writing_shown(writing, report, "relocated"));
	writing_put(writing, "\n");
	writing_field(writing, _("Result"), "%s", report_result_sentence(report));
	writing_mail_sentence(writing, report);
}

/* ---- the steps ---- */

static const char *result_word(const json_t *step)
{
	static const char *const words[][2] = {
		{ "done", N_("done") },
		{ "not finished", N_("not finished") },
		{ "put back", N_("put back") },
		{ "kept", N_("kept") },
		{ "nothing to do", N_("nothing to do") },
		{ "not tested", N_("NOT TESTED") },
		{ "left", N_("left") },
		{ "failed", N_("FAILED") },
		{ "not seen", N_("NOT SEEN") },
		{ "attested", N_("ATTESTED") },
		{ "verified to a stage", N_("to a stage") },
		{ "verified", N_("VERIFIED") },
		{ "set aside", N_("set aside") },
		{ "deletion cut off", N_("cut off") },
		{ "deleted", N_("DELETED") },
		{ "not reached", N_("not reached") },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (report_is(step, "result", words[i][0]))
			return _(words[i][1]);
	return "";
}

static char *step_what(TALLOC_CTX *mem, const json_t *step, int number)
{
	long long made = json_integer_value(json_object_get(step, "made")),
		  kept = json_integer_value(json_object_get(step, "kept"));

	if (number >= 5)
		return talloc_strdup(mem, number == 5 ? _("see Mail flow") : _("see Old folder"));
	if (number == 1)
		return talloc_asprintf(mem, _("%lld files, folders"), made);
	if (kept)
		return talloc_asprintf(mem, _("%lld made, %lld kept"), made, kept);
	return talloc_asprintf(mem, _("%lld made"), made);
}

static const char *check_word(const json_t *step)
{
	if (report_is(step, "checked", "read back, SHA-256"))
		return _("read back, SHA-256");
	if (report_is(step, "checked", "read back by two readers"))
		return _("read back by two readers");
	return "";
}

bool report_step_words(TALLOC_CTX *mem, const json_t *step, const char **result, const char **what,
		       const char **checked)
{
	*result = result_word(step);
	*what = step_what(mem, step, (int)json_integer_value(json_object_get(step, "step")));
	*checked = check_word(step);
	return *what != NULL;
}

static void put_steps(struct writing *writing, const json_t *report)
{
	const json_t *step;
	size_t i;

	writing_heading(writing, _("Steps"));
	json_array_foreach(json_object_get(report, "steps"), i, step) {
		int number = (int)json_integer_value(json_object_get(step, "step"));
		const struct article_step *about = article_step(number);
		char *what = step_what(writing->mem, step, number);

		if (about && what)
			writing_put(writing, " %d %-14s %-14s %-20s %s\n", number, _(about->title), result_word(step),
				    what, check_word(step));
	}
}

/* ---- every change ---- */

static void put_side(struct writing *writing, const char *label, const json_t *side)
{
	const char *version = writing_shown(writing, side, "version");

	if (!json_is_object(side))
		writing_field(writing, label, _("not there"));
	else if (json_object_get(side, "sha256"))
		writing_field(writing, label, _("%s%s%lld bytes, %s, SHA-256 %s"), version, *version ? ", " : "",
			      (long long)json_integer_value(json_object_get(side, "size")), writing_shown(writing, side, "mtime"),
			      writing_shown(writing, side, "sha256"));
	else if (json_object_get(side, "path"))
		writing_field(writing, label, "%s", writing_shown(writing, side, "path"));
	else
		writing_field(writing, label, "%s  %s", writing_shown(writing, side, "text"), writing_shown(writing, side, "type"));
}

static const char *fate_word(const json_t *row)
{
	static const char *const words[][2] = {
		{ "verified", N_("made, looked at again: verified") },
		{ "put back", N_("put back, looked at again") },
		{ "begun", N_("begun, not seen to its end") },
		{ "not made", N_("decided, not made") },
		{ "left", N_("left as it is") },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (report_is(row, "result", words[i][0]))
			return _(words[i][1]);
	return "";
}

static void put_change(struct writing *writing, const json_t *row)
{
	bool sides = json_object_get(row, "before") && !report_is(row, "kind", "backup") &&
		     !report_is(row, "kind", "oldfolder");
	bool kept = report_is(row, "decision", "keep");

	writing_put(writing, "\n");
	writing_wrapped(writing, 0, 2, writing_shown(writing, row, "id"));
	if (sides) {
		put_side(writing, kept ? _("stays") : _("before"), json_object_get(row, "before"));
		put_side(writing, kept ? _("not made") : _("after"), json_object_get(row, "after"));
	}
	if (kept && *writing_shown(writing, row, "text"))
		writing_field(writing, _("found"), "%s", writing_shown(writing, row, "text"));
	writing_field(writing, _("decided"), _("%s, by %s, %s"), kept ? _("keep") : _("change"), writing_shown(writing, row, "operator"),
		      writing_shown(writing, row, "decided"));
	writing_field(writing, _("result"), "%s", fate_word(row));
	if (*writing_shown(writing, row, "checked"))
		put_when(writing, _("checked"), row, "checked");
}

static void put_changes(struct writing *writing, const json_t *report)
{
	const char *said = "";
	const json_t *row;
	size_t i;

	writing_heading(writing, _("Changes and decisions"));
	json_array_foreach(json_object_get(report, "changes"), i, row) {
		const char *how = writing_shown(writing, row, "how");

		/* Said once, not with every row. */
		if (strcmp(how, said) != 0)
			writing_field(writing, _("from"), "%s", how);
		said = how;
		put_change(writing, row);
	}
}

/* ---- every finding ---- */

static const char *state_word(const json_t *row)
{
	static const char *const words[][2] = {
		{ "right", N_("right") }, { "wrong", N_("WRONG") }, { "absent", N_("absent") }, { "unknown", N_("unknown") },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (report_is(row, "state", words[i][0]))
			return _(words[i][1]);
	return "";
}

static bool row_undone(const json_t *report, const json_t *row)
{
	const json_t *id;
	size_t i;

	json_array_foreach(json_object_get(report, "undone_since"), i, id)
		if (json_is_string(id) && report_is(row, "id", json_string_value(id)))
			return true;
	return false;
}

/* What is right is named; of anything else it is said what was found, unless it was put back since. */
static void put_finding(struct writing *writing, const json_t *report, const json_t *row)
{
	bool undone = row_undone(report, row);

	writing_put(writing, " %-*s", LABEL - 1, undone ? _("put back") : state_word(row));
	writing_put(writing, " %s\n", writing_shown(writing, row, "id"));
	if (undone || report_is(row, "state", "right") || !*writing_shown(writing, row, "text"))
		return;
	writing_put(writing, "%*s", 1 + LABEL, "");
	writing_wrapped(writing, 1 + LABEL, 1 + LABEL, writing_shown(writing, row, "text"));
}

static void put_findings(struct writing *writing, const json_t *report)
{
	const json_t *rows = json_object_get(json_object_get(report, "survey"), "rows"), *row;
	size_t i;

	if (!json_array_size(rows))
		return;
	writing_heading(writing, json_array_size(json_object_get(report, "undone_since")) ? _("Findings, looked at from scratch before the undo")
				 : *writing_shown(writing, report, "surveyed")		  ? _("Findings, looked at from scratch at the end")
										  : _("Findings, when the run began"));
	json_array_foreach(rows, i, row)
		put_finding(writing, report, row);
}

static void put_left(struct writing *writing, const json_t *report)
{
	const json_t *left = json_object_get(report, "left"), *id;
	size_t i;

	if (!json_array_size(left))
		return;
	writing_heading(writing, _("Left, not decided or not done, or naming a file that is not there"));
	json_array_foreach((json_t *)(uintptr_t)left, i, id)
		if (json_is_string(id))
			writing_put(writing, " %s\n", safe(writing, json_string_value(id)));
}

/* ---- what else there is to say ---- */

static void put_notes(struct writing *writing, const json_t *report)
{
	const json_t *notes = json_object_get(report, "notes"),
		     *notices = json_object_get(json_object_get(report, "survey"), "notices"), *note;
	size_t i;

	if (json_array_size(notes) || json_array_size(notices))
		writing_heading(writing, _("Notes"));
	json_array_foreach((json_t *)(uintptr_t)notes, i, note) {
		const char *text = writing_shown(writing, note, "text");

		writing_put(writing, " %s %s ", writing_shown(writing, note, "at"),
			    writing_shown(writing, note, "what"));
		writing_wrapped(writing,
				24 + columns_of(writing_shown(writing, note, "what"),
						strlen(writing_shown(writing, note, "what"))),
				3, *text ? text : writing_shown(writing, note, "operator"));
	}
	json_array_foreach((json_t *)(uintptr_t)notices, i, note) {
		writing_put(writing, " ");
		writing_wrapped(writing, 1, 3, writing_shown(writing, note, "text"));
	}
}

static void put_saved(struct writing *writing, const json_t *report)
{
	const json_t *hash;
	const char *name;

	writing_heading(writing, _("What is kept"));
	if (*writing_shown(writing, report, "backup")) {
		writing_field(writing, _("Bin"), "%s", writing_shown(writing, report, "backup"));
		writing_field(writing, "", _("its list of SHA-256 sums: before/Bin.SHA256SUMS in the run's folder"));
	}
	json_object_foreach((json_t *)(uintptr_t)json_object_get(report, "saved"), name, hash) {
		writing_put(writing, " %-*sbefore/%s\n", LABEL, _("Registry"), safe(writing, name));
		writing_put(writing, " %-*s%s\n", LABEL, "SHA-256", safe(writing, json_string_value(hash)));
	}
	writing_field(writing, _("Entries"), _("before/entries.reg and after/entries.reg, for the registry editor"));
}

static void put_next(struct writing *writing, const json_t *report)
{
	bool ended = report_is(report, "result", "repaired") || report_is(report, "result", "left");
	bool partly = report_is(report, "result", "partly undone");

	writing_heading(writing, _("What to do next"));
	if (partly)
		writing_item(writing, _("A part was put back, so the server is neither repaired nor as it was. Look at it with msmcfix check; "
					"then repair it anew, or put back the rest."));
	if (ended || partly) {
		if (ended)
			writing_mail_next(writing, report);
		writing_oldfolder_next(writing, report);
		if (report_notice(report, "last-known-good"))
			writing_item(writing, safe(writing, report_notice(report, "last-known-good")));
		writing_item(writing, _("The next service pack will do the same again: run msmcfix check after it."));
		writing_put(writing, " * ");
		writing_put(writing, _("To put all back: msmcfix undo %s\n"), writing_shown(writing, report, "run"));
	} else if (report_is(report, "state", "paused") || report_is(report, "state", "cut off")) {
		writing_put(writing, " * ");
		writing_put(writing, _("To go on: msmcfix resume %s\n"), writing_shown(writing, report, "run"));
		writing_put(writing, " * ");
		writing_put(writing, _("To put all back: msmcfix undo %s\n"), writing_shown(writing, report, "run"));
	} else {
		writing_item(writing, _("Nothing of this run is open. Look at the server again with msmcfix check."));
	}
}

int report_text(TALLOC_CTX *mem, const json_t *report, char **text, struct error *err)
{
	struct writing writing = { .mem = talloc_new(NULL) };

	writing.text = writing.mem ? talloc_strdup(writing.mem, "") : NULL;
	put_top(&writing, report);
	put_steps(&writing, report);
	put_next(&writing, report);
	writing_mail(&writing, report);
	writing_oldfolder(&writing, report);
	put_changes(&writing, report);
	put_left(&writing, report);
	put_findings(&writing, report);
	put_notes(&writing, report);
	put_saved(&writing, report);
	*text = talloc_steal(mem, writing.text);
	talloc_free(writing.mem);
	return *text ? 0 : error_memory(err);
}
