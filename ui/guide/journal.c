/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/guide/journal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/finding.h"

enum { DAY = 10 /* "1999-11-22" */, CLOCK = 9 /* "09:39:00Z" */ };

/* A text of the entry, "" where it has none of that name. */
static const char *said(TALLOC_CTX *mem, const json_t *entry, const char *member)
{
	const char *text = json_string_value(json_object_get(entry, member));

	return text ? text_shown(mem, text) : "";
}

/* A name of the record's own, "not-tested", as words. */
static const char *words_said(TALLOC_CTX *mem, const json_t *entry, const char *member)
{
	char *words = talloc_strdup(mem, said(mem, entry, member));

	for (char *dash = words; dash && (dash = strchr(dash, '-'));)
		*dash = ' ';
	return words ? words : "";
}

static const char *path_said(TALLOC_CTX *mem, const json_t *entry, const char *member)
{
	char *path = path_of_json(mem, entry, member);

	return path ? text_shown(mem, path) : "";
}

static const char *subject_said(TALLOC_CTX *mem, const json_t *entry, const char *member)
{
	const char *id = json_string_value(json_object_get(entry, member));
	char *shown = id ? finding_id_shown(mem, id) : NULL;

	return shown ? shown : "";
}

/* ---- the sentence of each kind ---- */

static char *run_said(TALLOC_CTX *mem, const json_t *entry)
{
	char *text =
		talloc_asprintf(mem, _("%s began the repair of %s"), said(mem, entry, "operator"),
			path_said(mem, json_object_get(entry, "server"), "name"));

	if (json_object_get(entry, "host"))
		text = talloc_asprintf_append(text, _(", reached as %s by %s (%s)"),
			path_said(mem, entry, "host"), path_said(mem, entry, "user"),
			path_said(mem, entry, "dialect"));
	if (json_is_true(json_object_get(entry, "nt4")))
		text = talloc_asprintf_append(text, _(", and agreed to Windows NT 4.0's protocol"));
	return text;
}

static char *pcmtas_said(TALLOC_CTX *mem, const json_t *entry)
{
	char *text = talloc_strdup(mem, "");
	const json_t *name;
	size_t i;

	json_array_foreach (json_object_get(entry, "names"), i, name) {
		const char *coded = json_string_value(name);
		char *plain = coded ? text_unpercent(mem, coded) : NULL;

		text = talloc_asprintf_append(text, "%s%s", i > 0 ? ", " : "",
			plain ? text_shown(mem, plain) : "");
	}
	return talloc_asprintf(mem, _("the PC MTAs are: %s"), text);
}

static char *decision_said(TALLOC_CTX *mem, const json_t *entry)
{
	const char *id = json_string_value(json_object_get(entry, "id"));
	bool backup = id && strncmp(id, "backup/", 7) == 0;
	const char *format = backup                       ? _("%s decided: back up %s")
		: entry_says(entry, "decision", "change") ? _("%s decided: change %s")
		: entry_says(entry, "decision", "keep")   ? _("%s decided: keep %s")
							  : _("%s: %s is open again");

	return talloc_asprintf(mem, format, said(mem, entry, "operator"),
		subject_said(mem, entry, "id"));
}

/* What an act of that step writes, and what is said of it when it is prepared, switched in,
 * looked at. */
static const char *const acts[][3] = {
	{ N_("step %d: prepared"), N_("step %d: being written"),
		N_("step %d: written and read back") },
	{ N_("step %d, undo: prepared"), N_("step %d, undo: being put back"),
		N_("step %d, undo: put back and read back") },
};

static char *act_said(TALLOC_CTX *mem, const json_t *entry, int when)
{
	bool undo = json_is_true(json_object_get(entry, "undo"));

	return talloc_asprintf(mem, _(acts[undo][when]), entry_number(entry, "step"));
}

static char *preparing_said(TALLOC_CTX *mem, const json_t *entry)
{
	return act_said(mem, entry, 0);
}

static char *act_begun_said(TALLOC_CTX *mem, const json_t *entry)
{
	size_t count = json_array_size(json_object_get(entry, "changes"));

	return talloc_asprintf(mem, P_("%s (%zu change)", "%s (%zu changes)", count),
		act_said(mem, entry, 1), count);
}

static char *done_said(TALLOC_CTX *mem, const json_t *entry)
{
	const char *removed = path_said(mem, entry, "removed"), *note = said(mem, entry, "note");

	if (*removed != '\0')
		return talloc_asprintf(mem, _("the backup was removed: %s"), removed);
	return talloc_asprintf(mem, "%s%s%s", act_said(mem, entry, 2), *note != '\0' ? ". " : "",
		note);
}

static char *saved_said(TALLOC_CTX *mem, const json_t *entry)
{
	return talloc_strdup(mem,
		json_object_get(json_object_get(entry, "files"), "SYSTEM")
			? _("the registry files are saved and checked")
			: _("the services' registry key is saved as a .reg file"));
}

static char *service_said(TALLOC_CTX *mem, const json_t *entry)
{
	return talloc_asprintf(mem, _("service %s: %s"), path_said(mem, entry, "name"),
		said(mem, entry, "to"));
}

static char *evidence_said(TALLOC_CTX *mem, const json_t *entry)
{
	const char *by = said(mem, entry, "by");

	return talloc_asprintf(mem,
		*by != '\0' ? _("mail %s, %s: %s, by %s") : _("mail %s, %s: %s"),
		path_said(mem, entry, "pcmta"), words_said(mem, entry, "direction"),
		words_said(mem, entry, "grade"), by);
}

static size_t counted(const json_t *entry, const char *member)
{
	json_int_t number = json_integer_value(json_object_get(entry, member));

	return number > 0 ? (size_t)number : 0;
}

static char *mail_before_said(TALLOC_CTX *mem, const json_t *entry)
{
	size_t count = counted(entry, "messages");

	return talloc_asprintf(mem,
		P_("%zu message stood in the postoffice before mail is tested",
			"%zu messages stood in the postoffice before mail is tested", count),
		count);
}

static char *mail_look_said(TALLOC_CTX *mem, const json_t *entry)
{
	return talloc_asprintf(mem,
		_("looked for mail: of %zu messages that stood there %zu are gone; new ones: %zu"),
		counted(entry, "stood"), counted(entry, "gone"), counted(entry, "come"));
}

static char *undo_said(TALLOC_CTX *mem, const json_t *entry)
{
	const char *who = said(mem, entry, "operator"),
		   *change = subject_said(mem, entry, "change");
	int step = entry_number(entry, "step");

	if (*change != '\0')
		return talloc_asprintf(mem, _("%s has this put back: %s"), who, change);
	if (step > 0)
		return talloc_asprintf(mem, _("%s has step %d put back"), who, step);
	return talloc_asprintf(mem, _("%s has all put back"), who);
}

static char *surveyed_said(TALLOC_CTX *mem, const json_t *entry)
{
	size_t left = json_array_size(json_object_get(entry, "left"));

	return talloc_asprintf(mem,
		P_("all looked at from scratch: %zu left", "all looked at from scratch: %zu left",
			left),
		left);
}

/* Not how the whole run stands: mail and the old folder may be open. */
static char *end_said(TALLOC_CTX *mem, const json_t *entry)
{
	static const char *const ends[][2] = {
		{ "nothing", N_("the end: nothing was changed") },
		{ "repaired", N_("the end of steps 1 to 4: nothing is left to change") },
		{ "left", N_("the end of steps 1 to 4: something is left to change") },
		{ "undone", N_("the end: all that was changed is put back") },
		{ "partly undone", N_("the end: a part of what was changed is put back") },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (entry_says(entry, "result", ends[i][0]))
			return talloc_strdup(mem, _(ends[i][1]));
	return talloc_asprintf(mem, _("the end: %s"), said(mem, entry, "result"));
}

/* Kinds whose sentence has at most one word of the entry in it; of them and the others. */
static const struct sentence {
	enum journal_kind kind;
	const char *format, *member;
	char *(*say)(TALLOC_CTX *mem, const json_t *entry);
} sentences[] = {
	{ JOURNAL_RUN, NULL, NULL, run_said },
	{ JOURNAL_SAVED, NULL, NULL, saved_said },
	{ JOURNAL_PCMTAS, NULL, NULL, pcmtas_said },
	{ JOURNAL_DECISION, NULL, NULL, decision_said },
	{ JOURNAL_BEGUN, N_("the run is begun%s"), "", NULL },
	{ JOURNAL_TRIAL, N_("a trial file is written on every drive%s"), "", NULL },
	{ JOURNAL_TRIED, N_("the trial went well; nothing of it is left%s"), "", NULL },
	{ JOURNAL_PREPARING, NULL, NULL, preparing_said },
	{ JOURNAL_ACT, NULL, NULL, act_begun_said },
	{ JOURNAL_DONE, NULL, NULL, done_said },
	{ JOURNAL_FAILED, N_("failed: %s"), "text", NULL },
	{ JOURNAL_SERVICE, NULL, NULL, service_said },
	{ JOURNAL_EVIDENCE, NULL, NULL, evidence_said },
	{ JOURNAL_MAIL_BEFORE, NULL, NULL, mail_before_said },
	{ JOURNAL_MAIL_LOOK, NULL, NULL, mail_look_said },
	{ JOURNAL_DELETING, N_("%s has the old folder deleted for good: it is begun"), "operator",
		NULL },
	{ JOURNAL_DELETED, N_("the old folder is deleted for good%s"), "", NULL },
	{ JOURNAL_NOTE, N_("note: %s"), "note", NULL },
	{ JOURNAL_PAUSED, N_("paused: %s"), "text", NULL },
	{ JOURNAL_RESUMED, N_("%s resumed the run"), "operator", NULL },
	{ JOURNAL_UNDO, NULL, NULL, undo_said },
	{ JOURNAL_SURVEYED, NULL, NULL, surveyed_said },
	{ JOURNAL_END, NULL, NULL, end_said },
};

/* What a later version wrote is named, not hidden. */
static const char *sentence_of(TALLOC_CTX *mem, const json_t *entry)
{
	for (size_t i = 0; i < ARRAY_SIZE(sentences); i++) {
		const struct sentence *sentence = &sentences[i];

		if (!entry_is(entry, sentence->kind))
			continue;
		return sentence->say ? sentence->say(mem, entry)
				     : talloc_asprintf(mem, _(sentence->format),
					       said(mem, entry, sentence->member));
	}
	return text_shown(mem, entry_what(entry));
}

/* ---- the whole ---- */

char *journal_sentences(TALLOC_CTX *mem, const struct journal *journal, const char *file)
{
	TALLOC_CTX *tmp = talloc_new(mem);
	char *text = talloc_strdup(mem, ""), *day = talloc_strdup(tmp, "");

	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);
		const char *at = said(tmp, entry, "at");
		bool clock = strlen(at) == DAY + 1 + CLOCK;

		if (clock && strncmp(at, day, DAY) != 0) {
			day = talloc_strndup(tmp, at, DAY);
			text = talloc_asprintf_append_buffer(text, "%s%s\n", i > 0 ? "\n" : "",
				day);
		}
		text = talloc_asprintf_append_buffer(text, "%s  %s\n", clock ? at + DAY + 1 : at,
			sentence_of(tmp, entry));
	}
	text = talloc_asprintf_append_buffer(text, _("\nAll of it, entry by entry: %s\n"), file);
	talloc_free(tmp);
	return text;
}
