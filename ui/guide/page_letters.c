/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which partition of the disk images is which drive, where nothing proves it: the operator says. */
#include <ctype.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "server/image.h"
#include "ui/guide/state.h"

static const struct column columns[] = {
	{ N_("Letter"), 8, CUT_NEVER, false },
	{ N_("Drive"), 5, CUT_NEVER, false },
	{ N_("Part"), 4, CUT_NEVER, false },
	{ N_("Size"), 13, CUT_NEVER, false },
	{ N_("Label"), 12, CUT_END, true },
	{ N_("What lies on it"), 26, CUT_END, false },
};

static const char *const kinds[] = {
	[PART_NTFS] = "NTFS",
	[PART_FAT] = "FAT",
	[PART_OTHER] = N_("other"),
};

static const struct {
	const char *word, *told;
} proofs[] = {
	[PART_OPEN] = { N_("open"),
		N_("Nobody knows its letter. A partition that the server does not need may stay so.") },
	[PART_SAID] = { N_("said"), N_("You said so. It goes on record with the run.") },
	[PART_KEPT] = { N_("registry"), N_("The server's registry says so.") },
	[PART_CONTENT] = { N_("content"),
		N_("What the registry names under that letter lies there, and nowhere else.") },
};

static const char *size_text(struct page *page, uint64_t size)
{
	const double mib = (double)size / (1 << 20);

	return mib < 1024 ? page_text(page, "%.0f MiB", mib)
			  : page_text(page, "%.1f GiB", mib / 1024);
}

static char *number_of(TALLOC_CTX *mem, const struct image_part *part)
{
	return talloc_asprintf(mem, "%u.%u", part->disk, part->number);
}

static void row_make(struct page *page, const struct image_part *part)
{
	char *number = number_of(page, part);
	struct row *row = page_row(page, number,
		part->folder ? _(proofs[part->proof].word) : C_("of a partition", "none"),
		part->letter ? page_text(page, "%c:", part->letter) : "?", number,
		page_text(page, "%s %s", size_text(page, part->size), _(kinds[part->kind])),
		page_shown(page, part->label), page_shown(page, part->holds), NULL);

	row->selectable = true;
	row->mark = part->letter ? MARK_RIGHT : part->folder ? MARK_ASK : MARK_KEEP;
	row->tones[0] = row->tones[1] = part->letter ? TONE_RIGHT
		: part->folder                       ? TONE_OPEN
						     : TONE_QUIET;
	row->subject = page_text(page, _("partition %u of disk %u"), part->number, part->disk);
	row_detail(page, row, DETAIL_TEXT, C_("of a letter", "proof"), _(proofs[part->proof].told));
	row_detail(page, row, DETAIL_TEXT, _("holds"),
		*part->holds ? page_shown(page, part->holds) : _("nothing that is known"));
	if (!part->folder)
		row_detail(page, row, DETAIL_TEXT, _("opened"),
			part->kind == PART_FAT ? _("no: a FAT volume can only be opened by root")
					       : _("no: this is no volume of Windows"));
}

static struct image_part *part_named(struct guide *guide, const char *number)
{
	size_t count;
	struct image_part *parts = image_parts(guide->image, &count);

	for (size_t i = 0; number && i < count; i++)
		if (strcmp(number_of(guide->page, &parts[i]), number) == 0)
			return &parts[i];
	return NULL;
}

static struct question *letter_question(struct page *page, const char *number)
{
	return page_line(page, QUESTION_LETTERS_LETTER, number,
		page_text(page, _("Which drive is partition %s?"), number),
		_("The letter that it has in the server's Windows, C to Z. A minus sign (-) takes back what was said.\n"));
}

static void actions(struct page *page, size_t open)
{
	/* Where all are known it is another one, and does not keep the focus. */
	struct action *action = open > 0
		? page_action(page, WORD_LETTER, _("Say its letter"), 'e', ACTION_OTHER)
		: page_action(page, WORD_EDIT, _("Change its letter"), 'e', ACTION_OTHER);

	action->brief = _("Letter");
	action->of_row = true;
	action->hint = _("Asks for the letter of the partition under the cursor.");
	action->focused = open > 0;
	action = page_action(page, WORD_CONTINUE, _("Continue"), 'c', ACTION_FORWARD);
	action->hint = _("Looks at the server with these letters. Nothing is changed.");
	action->focused = open == 0;
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK)->hint =
		_("To the first page; the image is closed.");
}

/* "C=1.1,E=2.1": those that a person has to name, with letters as they mostly are. */
static char *example(TALLOC_CTX *mem, const struct image_part *parts, size_t count)
{
	const char *next = "CEFGHIJKLMNOPQRSTUVWXYZ";
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < count && *next; i++) {
		const bool open = parts[i].folder && !parts[i].letter;

		for (size_t k = 0; open && k < count && *next;)
			parts[k].letter == *next ? (void)(next++, k = 0) : (void)k++;
		if (!*next || (!open && parts[i].proof != PART_SAID))
			continue;
		text = talloc_asprintf_append(text, "%s%c=%s", *text ? "," : "",
			open ? *next++ : parts[i].letter, number_of(mem, &parts[i]));
	}
	return text;
}

static void make(struct guide *guide, struct page *page)
{
	size_t count, open = 0;
	const struct image_part *parts = image_parts(guide->image, &count);

	page->title = _("Which partition is which drive?");
	page_lead(page, "%s\n",
		_("The image is open, read-only. For some partitions nothing proves which drive letter the server gives them."));
	page->marks = true;
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < count; i++) {
		row_make(page, &parts[i]);
		if (parts[i].folder && !parts[i].letter && open++ == 0 && page->cursor == 0)
			page->cursor = i;
	}
	page_tail(page, "%s\n",
		_("A wrong letter makes the finding wrong. If you do not know, ask who does."));
	page->counts = page_text(page,
		P_("%zu partition, %zu without a letter", "%zu partitions, %zu without a letter",
			count),
		count, open);
	page->why = page_text(page,
		_("Windows keeps in its registry which partition has which letter, by the signature of the disk and the place of the partition. Where "
		  "that is not there, or two disks have one signature, the program looks for the folders that the registry names. What is still open "
		  "then is asked for, and never guessed. The server's own Disk Administrator shows the letters. On the command line, for example: --letters %s\n"),
		example(page, parts, count));
	if (guide->asking == QUESTION_LETTERS_LETTER)
		page->question = letter_question(page, guide->asked_for);
	actions(page, open);
}

/* ---- what was said ---- */

static const char *why_not(struct guide *guide, const struct image_part *part, char letter)
{
	size_t count;
	const struct image_part *parts = image_parts(guide->image, &count);

	if (letter < 'A' || letter > 'Z')
		return _("That is no drive letter.");
	for (size_t i = 0; i < count; i++)
		if (&parts[i] != part && parts[i].letter == letter)
			return page_text(guide->page, _("Drive %c: is partition %s already."),
				letter, number_of(guide->page, &parts[i]));
	return NULL;
}

/* "e", "E:"; the cursor goes to the next that is open. */
static void letter_say(struct guide *guide, struct image_part *part, const char *text)
{
	const char letter = (char)toupper((unsigned char)*text);
	const char *wrong = NULL;
	size_t count;
	const struct image_part *parts = image_parts(guide->image, &count);

	if (strcmp(text, "-") == 0) {
		part->letter = '\0';
		part->proof = PART_OPEN;
		return;
	}
	wrong = why_not(guide, part, text[1] == '\0' || strcmp(text + 1, ":") == 0 ? letter : 0);
	if (wrong) {
		guide_say(guide, "%s", wrong);
		guide->message_bad = true;
		return;
	}
	part->letter = letter;
	part->proof = PART_SAID;
	for (size_t i = 0; i < count; i++)
		if (parts[i].folder && !parts[i].letter) {
			guide->cursor = i;
			return;
		}
}

static void letter_ask(struct guide *guide, const char *number)
{
	const struct image_part *part = part_named(guide, number);

	if (part && part->folder)
		guide_ask(guide, QUESTION_LETTERS_LETTER, number);
	else if (part)
		guide_say(guide,
			_("Partition %s cannot be opened here, and so it can be no drive."),
			number);
}

static void reply(struct guide *guide, const struct input *input)
{
	struct image_part *part = part_named(guide, input->row);

	if ((input->action == WORD_LETTER || input->action == WORD_EDIT) &&
		input->cursor < guide->page->row_count)
		letter_ask(guide, guide->page->rows[input->cursor].id);
	if (input->question == QUESTION_LETTERS_LETTER && part && input->text)
		letter_say(guide, part, input->text);
	if (input->action == WORD_CONTINUE)
		guide_reach_again(guide);
}

const struct guide_page page_letters = { .make = make, .reply = reply };
