/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An exam: its cases one after the other, no word of right or wrong before all are ended; then all
 * of it on one page. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/train.h"

static const struct column open_columns[] = {
	{ N_("Case"), 6, CUT_NEVER, false },
	{ N_("State"), 50, CUT_END, false },
};
static const struct column over_columns[] = {
	{ N_("Points"), 6, CUT_NEVER, false },
	{ N_("Level"), 5, CUT_NEVER, false },
	{ N_("Case"), 50, CUT_END, false },
};

static void rows_open(const struct guide *guide, struct page *page)
{
	const struct training *training = guide->training;

	page_columns(page, open_columns, ARRAY_SIZE(open_columns));
	for (size_t i = 0; i < training->exam_count; i++) {
		bool ended = exam_result(training, training->exam[i]);

		struct row *row = page_row(page, NULL, page_text(page, "%zu", i + 1),
			ended ? _("ended, noted") : _("to be done"), NULL);

		row->lamp = ended ? _("ENDED") : _("TO DO");
		row->lamp_tone = ended ? TONE_CALM : TONE_WARN;
	}
}

/* All are ended here. */
/* "-45 file/Bin\async.exe: a fix" of a result's file, with what the id is about in its place. */
static const char *lost_for(struct page *page, const char *reason)
{
	const char *id = strchr(reason, ' '), *end = id ? strstr(id, ": ") : NULL;

	/* What is about no row of the server has an id for programs only. */
	if (end && !memchr(id, '/', (size_t)(end - id)))
		return page_text(page, "%.*s%s", (int)(id - reason), reason, end + 1);
	return !end ? reason
		    : page_text(page, "%.*s %s%s", (int)(id - reason), reason,
			      finding_id_shown(page,
				      page_text(page, "%.*s", (int)(end - id - 1), id + 1)),
			      end);
}

static void rows_over(const struct guide *guide, struct page *page)
{
	const struct training *training = guide->training;
	int points = 0, passed = 0, count = (int)training->exam_count;

	page_columns(page, over_columns, ARRAY_SIZE(over_columns));
	for (int i = 0; i < count; i++) {
		const struct result *result = exam_result(training, training->exam[i]);
		struct row *row = page_row(page, result->name,
			page_text(page, "%d", result->points), page_text(page, "%d", result->level),
			_(case_named(result->name)->title), NULL);

		row->lamp = result->passed ? _("PASSED") : C_("exam", "FAILED");
		row->lamp_tone = result->passed ? TONE_GOOD : TONE_DANGER;
		passed += result->passed;
		points += result->points;
		for (char **reason = result->reasons; reason && *reason; reason++)
			row_detail(page, row, DETAIL_TEXT, _("lost for"), lost_for(page, *reason));
		if (row->detail_count == 0)
			row_detail(page, row, DETAIL_TEXT, _("lost"), _("nothing"));
	}
	page->verdict = passed == count ? (struct told){ _("PASSED"), TONE_GOOD }
					: (struct told){ _("NOT PASSED"), TONE_DANGER };
	page_lead(page, _("The exam is over: %d of %d cases passed, %d points on average.\n"),
		passed, count, points / count);
}

static void make(struct guide *guide, struct page *page)
{
	const struct training *training = guide->training;
	size_t done = exam_done(training);

	page->title = page_text(page, _("Exam of %zu cases"), training->exam_count);
	if (done == training->exam_count) {
		rows_over(guide, page);
		page_tail(page, _("The results, for who teaches: %s\n"),
			page_shown(page, training_results(page, training->place)));
		page_action(page, WORD_READ, _("Read all of it"), 'i', ACTION_FORWARD)->hint =
			_("Every case with its points, and what was lost for what.");
	} else {
		rows_open(guide, page);
		page_lead(page,
			_("%zu of %zu cases ended. There are no tips, and results come when all are ended.\n"),
			done, training->exam_count);
		page_action(page, WORD_NEXT, page_text(page, _("Begin case %zu"), done + 1), 'c',
			ACTION_FORWARD)
			->hint = _("A new server; right and wrong are told at the end only.");
	}
	page->why = _(
		"Every seat gets servers of its own. What is ended stays ended; a case that was left is resumed.\n");
	page_action(page, WORD_QUIT, _("Quit"), 'x', ACTION_LEAVE)->hint =
		_("Leaves. What is ended stays ended.");
}

static void read_all(struct guide *guide)
{
	char *all = talloc_strdup(guide->page, "");

	for (size_t i = 0; i < guide->page->row_count; i++) {
		const struct row *row = &guide->page->rows[i];

		all = talloc_asprintf_append(all, "%s  %s\n", row->cells[0], row->cells[2]);
		for (size_t d = 0; d < row->detail_count; d++)
			all = talloc_asprintf_append(all, "     %s: %s\n", row->details[d].label,
				row->details[d].text);
	}
	guide_read(guide, _("Results of the exam"), all);
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_NEXT)
		train_begin(guide, guide->training->exam[exam_done(guide->training)]);
	if (input->action == WORD_READ)
		read_all(guide);
}

const struct guide_page page_exam = { .make = make, .reply = reply };
