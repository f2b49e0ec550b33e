/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of the two drives. */
#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/found.h"

struct box {
	struct drive *drive;
	size_t count;
};

static void box_line(struct box *box, enum tone tone, const char *text)
{
	if (text && box->count < DRIVE_LINES)
		box->drive->lines[box->count++] = (struct told){ text, tone };
}

static const struct file_fact *file_side(const struct finding *finding, bool setup)
{
	const struct side *side = setup ? &finding->after : &finding->before;

	return finding->kind == KIND_FILE && side->file.present && side->file.has_version
		? &side->file
		: NULL;
}

/* The last part tells files of one release apart, no more. */
static bool same_release(const struct pe_version *a, const struct pe_version *b)
{
	return a->part[0] == b->part[0] && a->part[1] == b->part[1] && a->part[2] == b->part[2];
}

static size_t version_count(const struct survey *survey, bool setup,
	const struct pe_version *version)
{
	size_t count = 0;

	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct file_fact *file = file_side(&survey->findings[i], setup);

		count += file && same_release(&file->version, version);
	}
	return count;
}

/* The version that more files of a Bin have than any other; NULL where none has one. */
static const char *bin_version(struct page *page, const struct survey *survey, bool setup)
{
	const struct pe_version *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct file_fact *file = file_side(&survey->findings[i], setup);
		size_t count = file ? version_count(survey, setup, &file->version) : 0;

		if (count > most) {
			most = count;
			best = &file->version;
		}
	}
	return best ? page_text(page, "%u.%u.%u", best->part[0], best->part[1], best->part[2])
		    : NULL;
}

static const char *last_mail(struct page *page, const struct maildata *maildata)
{
	char *time = maildata->newest ? filetime_text(page, maildata->newest, false) : NULL;

	return time ? page_text(page, _("last mail %.10s"), time) : NULL;
}

static const char *exchange(struct page *page, const struct survey *survey)
{
	const char *version = survey->release ? survey->release : survey->exchange_version;

	if (survey->exchange_root[0] != survey->default_msmcon[0])
		return NULL;
	return version ? page_text(page, _("Exchange %s"), text_shown(page, version))
		       : _("Exchange, unknown");
}

static void left_fill(struct page *page, const struct survey *survey, struct box *box)
{
	const struct finding *old = found_kind(survey, KIND_OLDFOLDER);
	const char *version = bin_version(page, survey, true);
	bool live = !survey_lives(survey) &&
		(survey->live == LIVE_DEFAULT || survey->live_said == LIVE_SAID_DEFAULT);

	box_line(box, TONE_TEXT, exchange(page, survey));
	if (version)
		box_line(box, TONE_TEXT, page_text(page, _("setup's Bin %s"), version));
	if (live)
		box_line(box, TONE_WARN, _("seems the one in use"));
	else if (old && old->move != MOVE_NONE)
		box_line(box, TONE_OPEN,
			survey->maildata_default.present ? _("Msmcon and postoffice")
							 : _("a second Msmcon"));
	box_line(box, TONE_TEXT, last_mail(page, &survey->maildata_default));
	box->drive->lamp = old && old->move != MOVE_NONE ? TONE_OPEN : TONE_QUIET;
}

static struct told postoffice(const struct survey *survey)
{
	if (survey->maildata_relocated.missing)
		return (struct told){ _("no whole postoffice"), TONE_DANGER };
	if (survey->live_said == LIVE_SAID_RELOCATED)
		return (struct told){ _("in use, a person says"), TONE_CALM };
	if (survey_lives(survey))
		return (struct told){ _("the postoffice in use"), TONE_RIGHT };
	return survey->live == LIVE_UNCLEAR && survey->live_said == LIVE_SAID_NOTHING
		? (struct told){ _("in use? Not clear"), TONE_WARN }
		: (struct told){ _("seems not in use"), TONE_WARN };
}

static void right_fill(struct page *page, const struct survey *survey, struct box *box)
{
	struct told lives = postoffice(survey);
	struct tally files = found_tally(survey, STEP_FILES);
	const char *version = bin_version(page, survey, false);
	bool stale = files.stale > 0;

	box_line(box, lives.tone, lives.text);
	if (version)
		box_line(box,
			stale                                     ? TONE_OPEN
				: files.person + files.other == 0 ? TONE_RIGHT
								  : TONE_TEXT,
			page_text(page, stale ? _("Bin %s, stale") : _("Bin %s"), version));
	box_line(box, TONE_TEXT, last_mail(page, &survey->maildata_relocated));
	box->drive->lamp = lives.tone;
}

static void arrow_add(struct drives *drives, bool to_right, enum tone tone, const char *text)
{
	if (text && drives->arrow_count < DRIVE_LINES)
		drives->arrows[drives->arrow_count++] =
			(struct arrow){ .told = { text, tone }, .to_right = to_right };
}

/* Where nobody knows which postoffice is in use, nothing is known to be right or wrong. */
static void leads_only(struct page *page, struct drives *drives, size_t there, size_t here)
{
	if (there > 0)
		arrow_add(drives, false, TONE_TEXT,
			page_text(page, P_("%zu value", "%zu values", there), there));
	if (here > 0)
		arrow_add(drives, true, TONE_TEXT,
			page_text(page, P_("%zu value", "%zu values", here), here));
}

static void values_lead(struct page *page, const struct survey *survey, struct drives *drives)
{
	size_t wrong = 0, kept = 0, right = 0;

	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *finding = &survey->findings[i];
		bool there = finding->kind == KIND_VALUE &&
			(finding->leads == LEADS_DEFAULT || finding->leads == LEADS_MIXED);

		wrong += there && finding_is_open(finding);
		kept += there && finding->kept_by;
		right += finding->kind == KIND_VALUE && finding->leads == LEADS_RELOCATED &&
			finding->state == FINDING_RIGHT;
	}
	if (!survey_lives(survey)) {
		leads_only(page, drives, wrong, right);
		return;
	}
	if (wrong > 0)
		arrow_add(drives, false, TONE_OPEN,
			page_text(page, P_("%zu value, wrong", "%zu values, wrong", wrong), wrong));
	if (kept > 0)
		arrow_add(drives, false, TONE_CALM,
			page_text(page, P_("%zu value, kept", "%zu values, kept", kept), kept));
	if (right > 0)
		arrow_add(drives, true, TONE_RIGHT,
			page_text(page, P_("%zu value, right", "%zu values, right", right), right));
}

void found_drives(struct page *page, const struct survey *survey)
{
	struct drives *drives = talloc_zero(page, struct drives);
	const struct finding *share = found_kind(survey, KIND_SHARE);

	if (!drives)
		return;
	drives->left.name = page_text(page, _("%.2s default"), survey->default_msmcon);
	drives->right.name = page_text(page, _("%.2s relocated"), survey->relocated_msmcon);
	left_fill(page, survey, &(struct box){ &drives->left, 0 });
	right_fill(page, survey, &(struct box){ &drives->right, 0 });
	values_lead(page, survey, drives);
	if (share && share->state == FINDING_RIGHT && survey_lives(survey))
		arrow_add(drives, true, TONE_RIGHT,
			page_text(page, _("%s, right"), text_shown(page, share->subject)));
	page->drives = drives;
}
