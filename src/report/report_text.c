/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report for a person, block by block; words that claim no more than was seen. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/descriptor.h"
#include "repair/article.h"
#include "report/report_internal.h"

/* ---- the top ---- */

static void put_when(struct writing *writing, const char *label, const json_t *entry,
	const char *member)
{
	const char *at = writing_said(entry, member);

	if (*at)
		writing_field(writing, label, _("%s (UTC)"), at);
	else
		writing_field(writing, label, _("not yet"));
}

static const char *path(struct writing *writing, const json_t *entry, const char *member)
{
	return writing_any(entry_path_shown(writing->mem, entry, member));
}

/* All who decided or had something written, in order. */
static void put_operators(struct writing *writing, const struct journal *journal)
{
	json_t *names = json_object();
	const char *name;
	char *text = talloc_strdup(writing->mem, "");

	for (size_t i = 0; i < journal_count(journal); i++) {
		name = writing_said(journal_entry(journal, i), "operator");
		if (*name != '\0' && !json_object_get(names, name)) {
			text = talloc_asprintf_append(text, "%s%s", *text ? REPORT_COMMA : "",
				name);
			json_object_set_new(names, name, json_null());
		}
	}
	writing_field(writing, json_object_size(names) > 1 ? _("Operators") : _("Operator"), "%s",
		text);
	json_decref(names);
}

/* How a running server was reached, and who agreed to what everybody can listen to. */
static void put_network(struct writing *writing, const json_t *begun)
{
	if (!json_object_get(begun, "host"))
		return;
	writing_field(writing, _("Reached as"), _("%s, by %s, %s"), path(writing, begun, "host"),
		path(writing, begun, "user"), path(writing, begun, "dialect"));
	if (json_is_true(json_object_get(begun, "nt4")))
		writing_field(writing, "", _("%s agreed to Windows NT 4.0's protocol"),
			writing_said(begun, "operator"));
}

static void put_top(struct writing *writing, const struct report *report)
{
	const json_t *begun = report->begun;
	char *mail = report_mail_sentence(writing->mem, report),
	     *result = report_result_sentence(writing->mem, report),
	     *title = talloc_asprintf(writing->mem, _("msmcfix report, Microsoft article %s%s\n"),
		     writing_said(begun, "article"),
		     report->simulated ? _("   PRACTICE, no real server") : "");
	size_t undone = json_array_size(report->undone_since);

	/* Without its newline, which is no part of a title. */
	writing_put(writing, BLOCK_TITLE,
		title ? talloc_strndup(writing->mem, title, strlen(title) - 1) : "", NULL);
	writing_field(writing, _("Run"), "%s", runfolder_name(report->run));
	writing_field(writing, _("Server"), "%s (%s)",
		path(writing, json_object_get(begun, "server"), "name"),
		i18n_word(writing_said(begun, "reach")));
	put_network(writing, begun);
	writing_image(writing, report);
	writing_field(writing, _("Exchange"), "%s", path(writing, begun, "exchange"));
	put_operators(writing, report->journal);
	put_when(writing, _("Begun"), begun, "at");
	put_when(writing, _("Ended"), report->ended, "at");
	put_when(writing, _("Looked at"), report->surveyed, "at");
	/* Where nothing was looked at, nothing is said that an undo could have changed. */
	if (undone && report->surveyed)
		writing_field(writing, _("Undone"),
			P_("%zu change was put back since it was looked at; its row says what the undo found. What is said of the others was found before it.",
				"%zu changes were put back since it was looked at; their rows say what the undo found. What is said of the others was found before it.",
				undone),
			undone);
	writing_field(writing, _("Control set"), "%s", path(writing, begun, "control_set"));
	writing_field(writing, _("Default"), "%s", path(writing, begun, "default"));
	writing_field(writing, _("Relocated"), "%s", path(writing, begun, "relocated"));
	writing_put(writing, BLOCK_GAP, "", NULL);
	writing_field(writing, _("Result"), "%s", writing_any(result));
	writing_field(writing, _("Mail flow"), "%s", writing_any(mail));
	for (size_t i = 0; i < report->unread_count; i++)
		writing_field(writing, i ? "" : _("Not read"), "%s",
			report_said(report, report->unread[i]));
}

/* ---- the steps ---- */

static void put_steps(struct writing *writing, const struct report *report)
{
	const char *result, *what, *checked;

	writing_put(writing, BLOCK_HEADING, _("Steps"), NULL);
	for (int step = STEP_BACKUP; step <= STEP_OLDFOLDER; step++)
		if (report_step_words(writing->mem, report, step, &result, &what, &checked))
			writing_block(writing,
				(struct block){ .kind = BLOCK_STEP,
					.cells = { talloc_asprintf(writing->mem, "%d %s", step,
							   _(article_step(step)->title)),
						result, what, checked } });
}

/* ---- every change ---- */

/* Of a share of a running server, which has no definition, its permissions count too. */
static const char *share_text(struct writing *writing, const json_t *side)
{
	const char *path = writing_said(side, "path"),
		   *hex = json_string_value(
			   json_object_get(json_object_get(side, "security"), "hex"));
	size_t len = 0;
	uint8_t *bytes =
		hex && !json_object_get(side, "hex") ? text_unhex(writing->mem, hex, &len) : NULL;

	return bytes ? talloc_asprintf(writing->mem, _("%s, permissions: %s"), path,
			       descriptor_share_text(writing->mem, bytes, len))
		     : path;
}

static const char *side_text(struct writing *writing, const json_t *side)
{
	const char *version = writing_said(side, "version");

	if (!json_is_object(side))
		return _("not there");
	if (json_object_get(side, "sha256"))
		return talloc_asprintf(writing->mem, _("%s%s%lld bytes, %s, SHA-256 %s"), version,
			*version ? REPORT_COMMA : "",
			(long long)json_integer_value(json_object_get(side, "size")),
			writing_said(side, "mtime"), writing_said(side, "sha256"));
	if (json_object_get(side, "path"))
		return share_text(writing, side);
	return talloc_asprintf(writing->mem, "%s %s", writing_said(side, "text"),
		writing_said(side, "type"));
}

/* Of what is kept nothing changed: it has no parts that differ. */
static void put_sides(struct writing *writing, const json_t *about, bool kept)
{
	const json_t *sides[] = { json_object_get(about, "before"),
		json_object_get(about, "after") };
	const char *labels[] = { kept ? _("stays") : _("before"),
		kept ? _("not made") : _("after") };

	for (size_t i = 0; i < ARRAY_SIZE(sides); i++)
		writing_block(writing,
			(struct block){ .kind = BLOCK_FIELD,
				.cells = { labels[i], side_text(writing, sides[i]) },
				.other = kept || !json_is_object(sides[i]) ? NULL
					: json_is_object(sides[!i]) ? side_text(writing, sides[!i])
								    : "",
				.mark = i ? "ins" : "del" });
}

static void put_change(struct writing *writing, const struct report *report,
	const struct report_change *change)
{
	static const char *const results[] = {
		[RESULT_LEFT] = N_("left as it is"),
		[RESULT_NOT_MADE] = N_("decided, not made"),
		[RESULT_BEGUN] = N_("begun, not seen to its end"),
		[RESULT_VERIFIED] = N_("made, looked at again: verified"),
		[RESULT_UNDOING] = N_("undo begun, not seen to its end"),
		[RESULT_PUT_BACK] = N_("put back, looked at again"),
		[RESULT_AS_BEFORE] = N_("as before already when it was to be put back"),
		[RESULT_REMOVED] = N_("removed"),
	};
	const json_t *about = report_covers(change);
	bool sides = json_object_get(about, "before") &&
		!entry_says(about, "kind", finding_kind_name(KIND_BACKUP)) &&
		!entry_says(about, "kind", finding_kind_name(KIND_OLDFOLDER));
	bool kept = report_kept(change);

	writing_put(writing, BLOCK_CHANGE, change->id, NULL);
	if (sides)
		put_sides(writing, about, kept);
	if (kept && *writing_said(about, "text"))
		writing_field(writing, _("found"), "%s",
			report_said(report, writing_said(about, "text")));
	writing_field(writing, _("decided"), _("%s, by %s, %s"), kept ? _("keep") : _("change"),
		writing_said(change->decision, "operator"), writing_said(change->decision, "at"));
	writing_field(writing, _("result"), "%s", change->result ? _(results[change->result]) : "");
	if (json_is_string(change->checked))
		writing_field(writing,
			change->result == RESULT_REMOVED ? _("removed") : _("checked"),
			_("%s (UTC)"), json_string_value(change->checked));
	if (change->undo && change->result >= RESULT_UNDOING)
		writing_field(writing, _("undo by"), "%s", writing_said(change->undo, "operator"));
}

static void put_changes(struct writing *writing, const struct report *report)
{
	const char *said = "";

	writing_put(writing, BLOCK_HEADING, _("Changes and decisions"), NULL);
	for (size_t i = 0; i < report->change_count; i++) {
		const char *how = writing_said(report->changes[i].decision, "how");

		/* Said once, not with every row. */
		if (strcmp(how, said) != 0)
			writing_put(writing, BLOCK_GIVEN, _("given by"),
				strcmp(how, "asked") ? how : _("answers to questions"));
		said = how;
		put_change(writing, report, &report->changes[i]);
	}
}

/* ---- every finding ---- */

static bool row_undone(const struct report *report, const json_t *row)
{
	const json_t *id;
	size_t i;

	json_array_foreach (report->undone_since, i, id)
		if (json_equal(id, json_object_get(row, "id")))
			return true;
	return false;
}

static enum finding_state row_state(const json_t *row)
{
	return finding_state_parse(json_string_value(json_object_get(row, "state")));
}

static const char *state_word(const struct report *report, const json_t *row)
{
	static const char *const words[] = { N_("right"), N_("WRONG"), N_("absent"),
		N_("unknown") };

	return row_undone(report, row) ? _("put back") : _(words[row_state(row)]);
}

/* What is right is named; of anything else it is said what was found, unless it was put back
 * since. */
static void put_finding(struct writing *writing, const struct report *report, const json_t *row)
{
	bool right = row_undone(report, row) || row_state(row) == FINDING_RIGHT;

	writing_block(writing,
		(struct block){ .kind = BLOCK_FINDING,
			.cells = { state_word(report, row), writing_said(row, "id"),
				right ? "" : report_said(report, writing_said(row, "text")) } });
}

static void put_findings(struct writing *writing, const struct report *report)
{
	const json_t *rows = json_object_get(report->survey, "rows"), *row;
	size_t i;

	writing_put(writing, BLOCK_HEADING,
		!report->surveyed ? _("Findings, when the run began")
			: report->looked_before
			? _("Findings, looked at from scratch before the undo")
			: _("Findings, looked at from scratch at the end"),
		NULL);
	json_array_foreach (rows, i, row)
		put_finding(writing, report, row);
}

static void put_left(struct writing *writing, const struct report *report)
{
	const json_t *left = json_object_get(report->surveyed, "left"), *id;
	size_t i;

	writing_put(writing, BLOCK_HEADING,
		_("Left, not decided or not done, or naming a file that is not there"), NULL);
	json_array_foreach (left, i, id)
		if (json_is_string(id))
			writing_put(writing, BLOCK_NOTE, json_string_value(id), NULL);
}

/* ---- what else there is to say ---- */

static void put_notes(struct writing *writing, const struct report *report)
{
	const json_t *notices = json_object_get(report->survey, "notices"), *notice;
	size_t i;

	writing_put(writing, BLOCK_HEADING, _("Notes"), NULL);
	for (i = 0; i < journal_count(report->journal); i++) {
		const json_t *entry = journal_entry(report->journal, i);
		const char *said = entry_note(writing->mem, entry);

		if (said)
			writing_put(writing, BLOCK_NOTE,
				talloc_asprintf(writing->mem, "%s %s", writing_said(entry, "at"),
					entry_what(entry)),
				*said ? report_said(report, said)
				      : writing_said(entry, "operator"));
	}
	json_array_foreach (notices, i, notice)
		writing_put(writing, BLOCK_NOTE, report_said(report, writing_said(notice, "text")),
			NULL);
}

static void put_saved(struct writing *writing, const struct report *report)
{
	const char *name, *backup = path(writing, report->begun, "backup");
	const json_t *hash;

	writing_put(writing, BLOCK_HEADING, _("What is kept"), NULL);
	if (*backup && report_backup_kept(report)) {
		writing_field(writing, _("Bin"), "%s", backup);
		writing_field(writing, "",
			_("its list of SHA-256 sums: before/Bin.SHA256SUMS in the run's folder"));
	}
	json_object_foreach ((json_t *)(uintptr_t)json_object_get(journal_last(report->journal,
									  JOURNAL_SAVED),
				     "files"),
		name, hash) {
		writing_field(writing, C_("short", "Registry"), "before/%s", name);
		writing_field(writing, "SHA-256", "%s", writing_any(json_string_value(hash)));
	}
	writing_field(writing, _("Entries"), "%s",
		report->surveyed
			? _("before/entries.reg and after/entries.reg, for the registry editor")
			: _("before/entries.reg, for the registry editor"));
}

static void put_next(struct writing *writing, const struct report *report)
{
	enum run_state state = journal_state(report->journal);
	const char *good = report_notice(report, "last-known-good");
	bool part = report_verdict(report) == VERDICT_PARTLY_UNDONE,
	     changed = report->end == END_PARTLY_UNDONE || report->end == END_REPAIRED ||
		report->end == END_LEFT;
	bool open = report->undo || state == STATE_PAUSED || state == STATE_CUT_OFF;
	long long left = report_total(report).undecided;

	writing_put(writing, BLOCK_HEADING, _("What to do next"), NULL);
	if (json_is_true(json_object_get(report->begun, "passing"))) {
		writing_item(writing, "%s",
			_("The practice server goes with the program. After that nothing of this run can be resumed or put back."));
		writing_command(writing, report, _("To remove this record:"), "runs --forget");
		return;
	}
	writing_image_next(writing, report);
	if (left > 0 && (changed || open))
		writing_command(writing, report,
			talloc_asprintf(writing->mem,
				P_("%lld row of steps 2 to 4 was left open. It can be decided and written in this run:",
					"%lld rows of steps 2 to 4 were left open. They can be decided and written in this run:",
					(unsigned long)left),
				left),
			"resume");
	if (part)
		writing_command(writing, report,
			_("A part was put back, so the server is neither repaired nor as it was. Repair it anew, or put back the rest. To look at it first:"),
			"check");
	else if (changed)
		writing_mail_next(writing, report);
	if (changed) {
		writing_oldfolder_next(writing, report);
		if (good)
			writing_item(writing, "%s", good);
		writing_command(writing, report,
			_("The next service pack will do the same again. To look at the server after it:"),
			"check");
	} else if (open) {
		writing_command(writing, report, _("To resume:"), "resume");
	} else {
		writing_command(writing, report,
			_("Nothing of this run is open. To look at the server again:"), "check");
	}
	if (changed || open)
		writing_command(writing, report, _("To put all back:"), "undo");
}

struct writing *report_writing(TALLOC_CTX *mem, const struct report *report)
{
	struct writing *writing = talloc_zero(mem, struct writing);

	writing->mem = writing;
	put_top(writing, report);
	put_steps(writing, report);
	put_next(writing, report);
	writing_mail(writing, report);
	writing_oldfolder(writing, report);
	put_changes(writing, report);
	put_left(writing, report);
	put_findings(writing, report);
	put_notes(writing, report);
	put_saved(writing, report);
	return writing;
}
