/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was written stands in an overlay: into the image with it, kept beside it, or thrown away. No
 * answer is proposed; later is one. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "server/image.h"
#include "ui/guide/state.h"

static const struct column columns[] = {
	{ N_("What"), 11, CUT_NEVER, false },
	{ N_("What it is"), 64, CUT_END, false },
};

static void line(struct page *page, const char *what, const char *is)
{
	page_row(page, NULL, what, is, NULL)->tones[0] = TONE_STRONG;
}

/* Of a run that was put back no engine is in hand. */
static const struct overlay_stand *stand_of(const struct guide *guide)
{
	return guide->engine ? engine_overlay_stand(guide->engine) : guide->record->overlay;
}

static void files(const struct guide *guide, struct page *page)
{
	const struct overlay_stand *stand = stand_of(guide);
	const struct overlay *overlay = stand->overlay, *below = overlay_below(stand);
	size_t count;
	const struct image_told *told = guide->server->overlay->told(guide->server, &count);

	for (size_t i = 0; overlay && i < overlay->count; i++)
		line(page, _("Overlay"),
			page_text(page, _("%.1f MB, %s"), (double)overlay->files[i].size / 1e6,
				page_shown(page, overlay->files[i].path)));
	for (size_t i = 0; below && i < below->count; i++)
		line(page, _("Kept before"), page_shown(page, below->files[i].path));
	for (size_t i = 0; i < count; i++)
		line(page, _("Image"),
			page_text(page, _("%s, %s"), told[i].format,
				page_shown(page, told[i].path)));
}

static const char *drop_means(const struct guide *guide)
{
	if (!guide->engine)
		return _("takes back the undo; the repair stands as before");
	return stand_of(guide)->earlier ? _("undoes step 6; steps 2 to 4 stay as they are")
					: _("undoes all of this run, at once");
}

static void rows(const struct guide *guide, struct page *page)
{
	page_columns(page, columns, ARRAY_SIZE(columns));
	line(page, _("Commit"),
		overlay_below(stand_of(guide))
			? _("writes it into the overlay that was kept; the image stays as it is")
			: _("writes it into the image; spoils its snapshots and clones"));
	line(page, _("Keep"), _("the virtual machine starts from the overlay"));
	line(page, _("Throw away"), drop_means(guide));
	files(guide, page);
}

static struct question *commit_question(struct guide *guide, struct page *page)
{
	const struct overlay *below = overlay_below(stand_of(guide));
	struct question *question = page_confirm(page, QUESTION_ENDING_COMMIT,
		below ? _("Write it into the overlay that was kept?")
		      : _("Write it into the image?"),
		page_text(page, "%s %s\n%s\n",
			below ? page_text(page,
					_("It goes into %s, and the image stays as it is. Snapshots and clones that stand on that overlay are spoiled. The machine must be off."),
					page_shown(page, below->files[0].path))
			      : _("Snapshots of the virtual machine and clones that stand on this image are spoiled by it. The machine must be off."),
			guide->engine ? _("Undo can still put it back; that needs the image.") : "",
			_("Type the server's name to commit:")));

	question_answer(page, question, WORD_NOT_YET, _("Not yet"), 0, true);
	question_answer(page, question, WORD_COMMIT, _("Commit"), 0, false);
	question->kind = ASK_TYPED;
	question->expected = guide->server->id.name;
	question->min_length = 1;
	return question;
}

static struct question *drop_question(struct guide *guide, struct page *page)
{
	struct question *question = page_confirm(page, QUESTION_ENDING_DROP,
		_("Throw the overlay away?"),
		page_text(page, _("That %s. The overlay is removed and cannot be had back.\n"),
			drop_means(guide)));

	question_answer(page, question, WORD_NOT_YET, _("Not yet"), 'n', true);
	question_answer(page, question, WORD_DROP, _("Throw it away"), 0, false);
	return question;
}

static void choice(struct page *page, enum word_id id, const char *label, const char *brief,
	const char *hint, struct question *ask)
{
	struct action *action = page_action(page, id, label, 0, ACTION_OTHER);

	action->brief = brief;
	action->writes = true;
	action->hint = hint;
	action->ask = ask;
}

static void actions(struct guide *guide, struct page *page)
{
	struct action *action =
		page_action(page, WORD_READ, _("Read what each means"), 'i', ACTION_OTHER);

	action->brief = _("Read");
	action->focused = true;
	action->hint = _("Opens it as a whole. Nothing is decided.");
	action = page_action(page, WORD_LATER, _("Decide later"), 'x', ACTION_LEAVE);
	action->brief = _("Later");
	action->hint = _("Leaves. The overlay waits; the commands for its end are printed.");
	choice(page, WORD_COMMIT, _("Commit"), NULL, _("Asks for the server's name first."),
		commit_question(guide, page));
	choice(page, WORD_KEEP, _("Keep the overlay"), _("Keep"),
		_("On record as your decision. The next page tells how to start the machine."),
		NULL);
	choice(page, WORD_DROP, _("Throw it away"), _("Throw away"), _("Asks once more."),
		drop_question(guide, page));
}

static void make(struct guide *guide, struct page *page)
{
	page->title = guide->engine ? _("Written into an overlay. What becomes of it?")
				    : _("Put back in an overlay. What becomes of it?");
	page_lead(page, "%s\n",
		_("What was written stands in the overlay alone; the image has not been changed by it. It was checked by qemu-img, and looked at from scratch."));
	rows(guide, page);
	page_tail(page, "%s\n",
		_("Nothing is chosen for you. Do not start the virtual machine before you have decided."));
	page->why = page_text(page, "%s\n%s\n%s\n%s\n",
		_("Commit writes what is in the overlay into the image and removes the overlay. Snapshots that a virtual machine has of this image, and "
		  "clones or other overlays that stand on it, are spoiled: delete them first, or do not commit. If it is cut off it is repeated and comes "
		  "to the same. Undo works afterwards, as on disks, and needs the image."),
		_("Keep leaves the image as it is for ever. The virtual machine is started from the overlay, which needs the image beside it: neither may "
		  "be moved or changed alone."),
		_("Throwing it away removes the overlay. It is the quickest and most thorough undo: no byte of the image was ever changed."),
		_("A virtual machine that was started from the image meanwhile makes the overlay worthless; one that was started from the overlay puts "
		  "live mail into it, and then it is never thrown away."));
	actions(guide, page);
}

/* ---- what was chosen ---- */

/* Of what puts the run back. */
static void ended_undone(struct guide *guide)
{
	static const char *const said[] = {
		[OVERLAY_COMMIT] = N_(
			"The overlay is committed: what was put back stands in what was below it."),
		[OVERLAY_DROP] =
			N_("The overlay of the undo is gone; the repair stands as before."),
	};

	if (run_take(guide, guide->resume) != 0) {
		guide_trouble(guide);
		guide_jump(guide, PAGE_DIAGNOSIS);
		return;
	}
	guide_jump(guide, PAGE_UNFINISHED);
	if (guide_work(guide, _("Checking again"), job_survey))
		guide_say(guide, "%s",
			guide->end == OVERLAY_KEEP ? guide->undo_text : _(said[guide->end]));
}

static void ended(struct guide *guide)
{
	if (!guide->engine)
		ended_undone(guide);
	else if (guide->finished) {
		guide_jump(guide, PAGE_REPORT);
		if (guide->end == OVERLAY_KEEP)
			guide_say(guide, "%s", engine_overlay_start(guide->engine, guide->page));
	} else if (guide->end == OVERLAY_DROP) {
		guide_jump(guide, PAGE_MAIL);
		guide_say(guide, _("The overlay of step 6 is gone, and step 6 is open again."));
	} else {
		guide_finish(guide);
	}
}

static void reply(struct guide *guide, const struct input *input)
{
	static const char *const titles[] = {
		[OVERLAY_COMMIT] = N_("Writing the overlay into the image"),
		[OVERLAY_KEEP] = N_("Keeping the overlay"),
		[OVERLAY_DROP] = N_("Throwing the overlay away"),
	};

	if (input->action == WORD_READ) {
		guide_read(guide, _("What each means"), guide->page->why);
		return;
	}
	if (input->action == WORD_COMMIT && input->text)
		guide->end = OVERLAY_COMMIT;
	else if (input->action == WORD_KEEP)
		guide->end = OVERLAY_KEEP;
	else if (input->action == WORD_DROP && input->answer == WORD_DROP)
		guide->end = OVERLAY_DROP;
	else
		return;
	/* Whether it is the server's name the core decides. */
	guide_typed(guide, input->text);
	if (guide_work(guide, _(titles[guide->end]), job_ending))
		ended(guide);
}

const struct guide_page page_ending = {
	.make = make,
	.reply = reply,
};
