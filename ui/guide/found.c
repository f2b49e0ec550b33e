/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/guide/found.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/wrong.h"

static void tally_add(struct tally *tally, const struct finding *finding)
{
	bool open = finding_is_open(finding) || finding->kind == KIND_SERVICE;

	tally->all++;
	tally->kept += finding->kept_by != NULL;
	if (!open || finding->move == MOVE_NONE)
		return;
	tally->wrong += finding->state != FINDING_UNKNOWN;
	if (finding->move >= MOVE_PERSON) {
		tally->person++;
		tally->only = finding;
	} else if (finding->kind == KIND_FILE && finding->compare == FILE_NEWER) {
		tally->newer++;
	} else if (finding_is_stale(finding)) {
		tally->stale++;
	} else {
		tally->other++;
	}
}

struct tally found_tally(const struct survey *survey, int step)
{
	struct tally tally = { 0 };

	for (size_t i = 0; i < survey->finding_count; i++)
		if (survey->findings[i].step == step)
			tally_add(&tally, &survey->findings[i]);
	return tally;
}

const struct finding *found_kind(const struct survey *survey, enum finding_kind kind)
{
	for (size_t i = 0; i < survey->finding_count; i++)
		if (survey->findings[i].kind == kind)
			return &survey->findings[i];
	return NULL;
}

static bool same_drive(const struct survey *survey)
{
	return survey->default_msmcon[0] == survey->relocated_msmcon[0];
}

/* "C:", or its word where one letter would stand for both. */
static const char *default_place(struct page *page, const struct survey *survey)
{
	return same_drive(survey) ? _("the default Msmcon")
				  : page_text(page, "%.2s", survey->default_msmcon);
}

static const char *relocated_place(struct page *page, const struct survey *survey)
{
	return same_drive(survey) ? _("the relocated Msmcon")
				  : page_text(page, "%.2s", survey->relocated_msmcon);
}

/* ---- the sentence ---- */

static const char *title_right(struct page *page, const struct survey *survey)
{
	struct tally files = found_tally(survey, STEP_FILES),
		     values = found_tally(survey, STEP_VALUES),
		     share = found_tally(survey, STEP_SHARE),
		     services = found_tally(survey, STEP_MAIL);

	(void)page;
	if (services.person > 0)
		return _("Steps 1 to 4 have nothing to change; a service needs a person");
	return files.kept + values.kept + share.kept > 0
		? _("Steps 1 to 4: all of it is right, or kept by decision")
		: _("Steps 1 to 4: all of it is right");
}

/* Values before files before the share: what most of the mail hangs on. */
static const char *title_open(struct page *page, const struct survey *survey)
{
	struct tally files = found_tally(survey, STEP_FILES),
		     values = found_tally(survey, STEP_VALUES);
	const struct finding *share = found_kind(survey, KIND_SHARE);
	const char *from = relocated_place(page, survey), *to = default_place(page, survey);

	if (values.stale > 0)
		return page_text(page,
			_("The postoffice lives on %s, but the registry leads to %s"), from, to);
	if (values.other + values.person > 0)
		return _("Registry values of the connector are not right");
	if (files.stale > 0)
		return page_text(page, _("The Bin on %s is not the one that setup brought"), from);
	if (share && share->state == FINDING_ABSENT && finding_is_open(share))
		return page_text(page, _("The postoffice on %s is not shared"), from);
	if (share && finding_is_open(share))
		return _("The share does not lead to the postoffice in use");
	if (files.newer > 0 && files.newer == survey->open)
		return page_text(page,
			P_("%zu file is newer than setup's: to be decided",
				"%zu files are newer than setup's: to be decided", files.newer),
			files.newer);
	return _("Not everything is right");
}

const char *found_title(struct page *page, const struct survey *survey)
{
	if (survey->check_only)
		return _("This server cannot be repaired here");
	if (!survey_lives(survey))
		return _("Which postoffice is in use must be settled first");
	return survey->open > 0 ? title_open(page, survey) : title_right(page, survey);
}

/* ---- the six steps ---- */

struct lamp {
	const char *word;
	enum tone tone;
};

static const struct lamp wrong = { N_("WRONG"), TONE_DANGER }, todo = { N_("TO DO"), TONE_WARN },
			 decide = { N_("DECIDE"), TONE_WARN }, look = { N_("LOOK"), TONE_WARN },
			 unseen = { N_("NOT SEEN"), TONE_WARN }, right = { N_("RIGHT"), TONE_GOOD },
			 kept = { N_("KEPT"), TONE_CALM }, none = { N_("no need"), TONE_QUIET },
			 later = { N_("after 5"), TONE_QUIET };

/* While nobody knows which postoffice is in use, nothing is known to be right or wrong. */
static const struct lamp *tally_lamp(const struct survey *survey, const struct tally *tally)
{
	size_t others = tally->stale + tally->other + tally->person;

	if (!tally->all)
		return &unseen;
	if (!survey_lives(survey))
		return &look;
	if (others == 0)
		return tally->newer > 0 ? &decide : tally->kept > 0 ? &kept : &right;
	return tally->wrong > 0 ? &wrong : &look;
}

static void part(struct page *page, char **text, size_t count, const char *said)
{
	if (count > 0)
		*text = page_text(page, **text ? _("%s, %s") : "%s%s", *text, said);
}

/* What steps 2 and 3 have in common, behind what is their own. */
static const char *tally_text(struct page *page, const struct tally *tally, char *text,
	const char *all_right)
{
	if (*text == '\0' && tally->person == 1 && tally->other == 0)
		return page_text(page, "%s: %s", text_shown(page, tally->only->subject),
			text_shown(page, tally->only->text));
	part(page, &text, tally->other,
		page_text(page, P_("%zu not right", "%zu not right", tally->other), tally->other));
	if (tally->person > 0)
		part(page, &text, tally->person,
			page_text(page,
				P_("%zu needs a person (%s: %s)", "%zu need a person (%s: %s)",
					tally->person),
				tally->person, text_shown(page, tally->only->subject),
				text_shown(page, tally->only->text)));
	part(page, &text, tally->kept,
		page_text(page, P_("%zu kept by decision", "%zu kept by decision", tally->kept),
			tally->kept));
	return *text ? text : all_right;
}

static const char *files_text(struct page *page, const struct survey *survey,
	const struct tally *tally)
{
	char *text = page_text(page, "%s", "");

	(void)survey;
	part(page, &text, tally->stale,
		page_text(page,
			P_("%zu of %zu files is not setup's", "%zu of %zu files are not setup's",
				tally->stale),
			tally->stale, tally->all));
	part(page, &text, tally->newer,
		page_text(page,
			tally->stale > 0
				? P_("%zu more is NEWER", "%zu more are NEWER", tally->newer)
				: P_("%zu file is NEWER", "%zu files are NEWER", tally->newer),
			tally->newer));
	return tally_text(page, tally, text,
		tally->all > 0 ? page_text(page,
					 P_("%zu file is as it should be",
						 "%zu files are as they should be", tally->all),
					 tally->all)
			       : _("no files of either Bin were seen"));
}

static const char *values_text(struct page *page, const struct survey *survey,
	const struct tally *tally)
{
	char *text = page_text(page, "%s", "");

	part(page, &text, tally->stale,
		page_text(page,
			P_("%zu of %zu values leads to %s", "%zu of %zu values lead to %s",
				tally->stale),
			tally->stale, tally->all, default_place(page, survey)));
	return tally_text(page, tally, text,
		tally->all > 0
			? page_text(page,
				  P_("%zu value is right", "%zu values are right", tally->all),
				  tally->all)
			: _("no values of the connector were seen"));
}

static const char *share_text(struct page *page, const struct survey *survey,
	const struct tally *tally)
{
	const struct finding *share = found_kind(survey, KIND_SHARE);

	(void)tally;
	if (!share)
		return _("the share was not seen");
	if (share->state == FINDING_RIGHT)
		return page_text(page,
			share->before.share.open_to_all ? _("%s leads there, open to everyone")
							: _("%s leads to the relocated Maildata"),
			text_shown(page, share->subject));
	return page_text(page, "%s%s", wrong_short(page, share),
		share->kept_by ? _(" (kept by decision)") : "");
}

static const char *mail_text(struct page *page, const struct survey *survey,
	const struct tally *tally)
{
	(void)survey;
	if (tally->person == 1)
		return page_text(page, "%s: %s", text_shown(page, tally->only->subject),
			text_shown(page, tally->only->text));
	return tally->person > 0 ? page_text(page,
					   P_("%zu service needs a person",
						   "%zu services need a person", tally->person),
					   tally->person)
				 : _("not seen yet: only test mail shows it");
}

static const char *oldfolder_text(struct page *page, const struct survey *survey,
	const struct tally *tally)
{
	const struct finding *old = found_kind(survey, KIND_OLDFOLDER);

	(void)tally;
	if (!old || old->move == MOVE_NONE)
		return _("there is no second Msmcon");
	return same_drive(survey)
		? wrong_short(page, old)
		: page_text(page, _("a second Msmcon stands on %s"), default_place(page, survey));
}

static const char *backup_text(struct page *page, const struct survey *survey,
	const struct tally *tally)
{
	const struct finding *bin = found_kind(survey, KIND_BACKUP);

	(void)page, (void)tally;
	if (!bin || !bin->can_change)
		return _("there is no relocated Bin that could be backed up");
	return bin->needed ? _("comes first: a copy of Bin beside it")
			   : _("only needed where something is changed");
}

static const struct lamp *step_lamp(const struct survey *survey, int step,
	const struct tally *tally)
{
	const struct finding *bin = found_kind(survey, KIND_BACKUP),
			     *old = found_kind(survey, KIND_OLDFOLDER);

	if (step == STEP_BACKUP)
		return bin && bin->needed ? &todo : &none;
	if (step == STEP_MAIL)
		return tally->person > 0 ? &look : &unseen;
	if (step == STEP_OLDFOLDER)
		return !old ? &unseen : old->move == MOVE_NONE ? &right : &later;
	return tally_lamp(survey, tally);
}

void found_steps(struct page *page, const struct survey *survey)
{
	static const struct column columns[] = {
		{ N_("Step"), 13, CUT_NEVER, false },
		{ N_("What is wrong"), 52, CUT_END, false },
	};
	static const struct column right_columns[] = {
		{ N_("Step"), 13, CUT_NEVER, false },
		{ N_("What was found"), 52, CUT_END, false },
	};
	static const char *(*const texts[])(struct page *, const struct survey *,
		const struct tally *) = { backup_text, files_text, values_text, share_text,
		mail_text, oldfolder_text };

	page_columns(page, survey->open > 0 ? columns : right_columns, ARRAY_SIZE(columns));
	for (int step = STEP_BACKUP; step <= STEP_OLDFOLDER; step++) {
		struct tally tally = found_tally(survey, step);
		const struct lamp *lamp = step_lamp(survey, step, &tally);
		struct row *row = page_row(page, NULL,
			page_text(page, "%d %s", step, _(article_step(step)->title)),
			texts[step - 1](page, survey, &tally), NULL);

		row->lamp = _(lamp->word);
		row->lamp_tone = lamp->tone;
		row->tones[0] = TONE_STRONG;
	}
}
