/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/sample_pages.h"

#include "base/memory.h"

const char *const sample_names[SAMPLES] = { "first", "registry", "review", "end", "debrief" };

static const struct answer answers[] = {
	{ "change", "Change", 'y', false, "E: is written at step Write, not before.", 0 },
	{ "keep", "Keep", 'n', true, NULL, 0 },
	{ "edit", "Edit", 'e', true, NULL, 0 },
};
static const struct question decide = { .id = "registry.decide:x",
	.kind = ASK_CHOICE,
	.title = "Change this value?",
	.why = "Performance Monitor loads this library.\n",
	.answers = answers,
	.answer_count = ARRAY_SIZE(answers) };
static const struct step_line steps[] = { { 1, "Back up Bin", MARK_DONE, NULL },
	{ 2, "Copy files", MARK_DONE, NULL }, { 3, "Registry", MARK_NOW, "2/9" },
	{ 4, "Share", MARK_OPEN, NULL }, { 0, "Write 2-4", MARK_OPEN, NULL },
	{ 5, "Mail flow", MARK_OPEN, NULL }, { 6, "Old folder", MARK_LOCK, NULL } };

static void with_table(struct page *page, const struct column *columns, size_t column_count,
	size_t rows)
{
	page->columns = columns;
	page->column_count = column_count;
	page->rows = talloc_zero_array(page, struct row, (unsigned)rows);
	page->row_count = rows;
}

static struct row *row_at(struct page *page, size_t index)
{
	return (struct row *)&page->rows[index];
}

/* ---- The first page: drives and lamps ---- */

static const struct drives drives = { .left = { "C:  old drive",
					      { { "Exchange 5.5 SP2", TONE_TEXT },
						      { "setup's Bin    5.5.2448", TONE_TEXT },
						      { "Msmcon is back: 117 files", TONE_OPEN } },
					      TONE_OPEN },
	.right = { "E:  new drive",
		{ { "the LIVE postoffice", TONE_RIGHT }, { "Bin    5.5.1960, stale", TONE_OPEN },
			{ "last mail 11 Mar 17:42", TONE_TEXT } },
		TONE_RIGHT },
	.arrows = { { { "moved in 1998", TONE_QUIET }, true },
		{ { "9 values, wrong", TONE_OPEN }, false },
		{ { "2 values, right", TONE_RIGHT }, true } },
	.arrow_count = 3 };

static struct page *first(struct page *page)
{
	static const struct column columns[] = { { "What is wrong, and which step cures it", 14,
							 CUT_NEVER, false },
		{ "", 45, CUT_END, false } };
	static const struct {
		const char *lamp, *step, *what;
		enum tone tone;
	} lamps[] = {
		{ "TO DO", "1 Back up Bin", "there is no backup yet", TONE_WARN },
		{ "WRONG", "2 Copy files", "10 of 15 files are not setup's, 1 is NEWER",
			TONE_DANGER },
		{ "WRONG", "3 Registry", "9 of 11 values lead to C:", TONE_DANGER },
		{ "WRONG", "4 Share", "Maildat$ is not shared any more", TONE_DANGER },
		{ "NOT SEEN", "5 Mail flow", "not seen since the service pack", TONE_WARN },
		{ "after 5", "6 Old folder", "a second Msmcon stands on C:", TONE_QUIET },
	};
	static const struct action actions[] = {
		{ .id = "start",
			.label = "Start the repair",
			.brief = "Start",
			.hint = "Nothing is changed yet. Enter: back up, then the steps.",
			.focused = true },
		{ .id = "findings", .label = "Every finding", .brief = "Findings" },
		{ .id = "practise", .label = "Practise first", .brief = "Practise" },
		{ .id = "quit", .label = "Quit" }
	};

	page->title = "The postoffice lives on E:, but setup leads the connector back to C:";
	page->badge = "looking only";
	page->drives = &drives;
	page->tail = "The repair backs up first, shows every change before it, and can be undone.\n"
		     "1 file on E: is NEWER than setup's (a hotfix?): you decide it in step 2.\n";
	page->actions = actions;
	page->action_count = ARRAY_SIZE(actions);
	page->again = true;
	with_table(page, columns, 2, ARRAY_SIZE(lamps));
	for (size_t i = 0; i < page->row_count; i++)
		*row_at(page, i) = (struct row){ .cells = { lamps[i].step, lamps[i].what },
			.tones = { TONE_STRONG },
			.lamp = lamps[i].lamp,
			.lamp_tone = lamps[i].tone };
	return page;
}

/* ---- Values to be decided ---- */

static const struct detail details[] = {
	{ DETAIL_BEFORE, "now", "C:\\exchsrvr\\connect\\msmcon\\bin\\mtperf.dll" },
	{ DETAIL_AFTER, "new", "E:\\exchsrvr\\connect\\msmcon\\bin\\mtperf.dll" },
	{ DETAIL_TEXT, "why",
		"Performance Monitor loads this library to show the counters of the PC MTAs. Setup led it to C: again; the article wants it on the drive of the postoffice (step 3)." },
	{ DETAIL_FACT, "type", "REG_SZ, is kept" },
	{ DETAIL_FACT, "in", "ControlSet001\\Services" },
	{ DETAIL_FACT, "file on E:", "in step 2, 5.5.2448.0" },
	{ DETAIL_FACT, "if kept",
		"the counters of the PC MTAs are missing there, nothing else is" },
	{ DETAIL_FACT, "undo", "msmcfix undo, change 5" },
	{ DETAIL_FACT, "article", "Q240208, step 3" },
};
static const struct {
	const char *key, *value;
	enum mark mark;
} values[] = {
	{ "Legacy Mail Connector", "ImagePath", MARK_CHANGE },
	{ "MTA to Vancouver PO", "ImagePath", MARK_RIGHT },
	{ "MSExchangeMSMI", "ImagePath", MARK_CHANGE },
	{ "MSExchangeMSMI\\Performance", "Library", MARK_RIGHT },
	{ "MSExchangePCMTA\\Performance", "Library", MARK_ASK },
	{ "EventLog\\Application\\MSExchangeMSMI", "CategoryMessageFile", MARK_ASK },
	{ "EventLog\\Application\\MSExchangeMSMI", "EventMessageFile", MARK_ASK },
	{ "EventLog\\Application\\Legacy Mail Connector", "CategoryMessageFile", MARK_ASK },
	{ "EventLog\\Application\\Legacy Mail Connector", "EventMessageFile", MARK_ASK },
	{ "EventLog\\Application\\MTA to Vancouver PO", "CategoryMessageFile", MARK_ASK },
	{ "EventLog\\Application\\MTA to Vancouver PO", "EventMessageFile", MARK_ASK },
};

static struct page *registry(struct page *page)
{
	static const struct column columns[] = { { "Do", 6, CUT_NEVER, false },
		{ "Key", 34, CUT_MIDDLE, false }, { "Value", 19, CUT_NEVER, false },
		{ "Drive", 5, CUT_NEVER, false } };
	static const struct more more[] = {
		{ "What the article says", "Q240208, step 3",
			"Setup of a service pack writes the paths of a new installation into these values. Where the postoffice was moved, each has to lead to the moved one again; the article lists them by key and value. The type stays, and so does everything in the value that is not this path.\n" },
		{ "All alike (a)", "",
			"6 more values differ only in the same drive letter: one page shows them all, one confirmation decides them, each is on record.\n" }
	};
	static const struct action actions[] = {
		{ .id = "continue", .label = "Next step", .focused = true },
		{ .id = "back", .label = "Back" }
	};

	page->title = "Step 3 of 6: Registry";
	page->counts = "11 values: 2 right, 2 decided, 7 open";
	page->marks = true;
	page->more = more;
	page->more_count = ARRAY_SIZE(more);
	page->steps = talloc_memdup(page, steps, sizeof steps);
	page->step_count = ARRAY_SIZE(steps);
	page->actions = actions;
	page->action_count = ARRAY_SIZE(actions);
	with_table(page, columns, 4, ARRAY_SIZE(values));
	for (size_t i = 0; i < page->row_count; i++) {
		bool right = values[i].mark == MARK_RIGHT, open = values[i].mark == MARK_ASK;
		enum tone tone = right ? TONE_RIGHT : open ? TONE_OPEN : TONE_DECIDED;

		*row_at(page, i) = (struct row){ .id = "x",
			.cells = { right       ? "right"
					: open ? "open"
					       : "change",
				values[i].key, values[i].value, right ? "E" : "C>E" },
			.tones = { tone, TONE_TEXT, TONE_TEXT, tone },
			.mark = values[i].mark,
			.decide = right ? NULL : &decide,
			.decided = open ? NULL : "change",
			.selectable = true,
			.subject = "MSExchangePCMTA\\Performance, Library",
			.type = "REG_SZ",
			.details = details,
			.detail_count = ARRAY_SIZE(details) };
	}
	return page;
}

/* ---- The last page before writing: groups ---- */

static struct page *review(struct page *page)
{
	static const struct column columns[] = { { "", 5, CUT_NEVER, false },
		{ "", 32, CUT_END, false }, { "", 11, CUT_NEVER, false },
		{ "", 11, CUT_NEVER, false } };
	static const struct action actions[] = {
		{ .id = "not-yet",
			.label = "Not yet",
			.hint = "Not yet: nothing is written, all decisions are kept.",
			.focused = true },
		{ .id = "write",
			.label = "Write 13, leave 7 open",
			.brief = "Write 13",
			.writes = true },
		{ .id = "back", .label = "Back" }
	};

	page->title = "Before writing: every row, in its order";
	page->mode = "LIVE";
	page->mode_tone = TONE_DANGER;
	page->alarm = true;
	page->counts = "13 are written, 1 kept, 2 right, 7 stay open";
	page->marks = true;
	page->steps = talloc_memdup(page, steps, sizeof steps);
	page->step_count = ARRAY_SIZE(steps);
	page->actions = actions;
	page->action_count = ARRAY_SIZE(actions);
	page->tail =
		"Mail stops for about 10 seconds. Each change is on record first and can be put back; the rest can be written later.\n";
	with_table(page, columns, 4, 22);
	for (size_t i = 0; i < page->row_count; i++) {
		bool file = i < 11, open = !file && i > 12;

		*row_at(page, i) = (struct row){ .id = "x",
			.cells = { open ? "open" : "write",
				file ? talloc_asprintf(page, "Mt%zu.exe", i)
				     : talloc_asprintf(page, "%s, %s", values[i - 11].key,
					       values[i - 11].value),
				file ? "5.5.1960.9" : "C:",
				file           ? "> 5.5.2448.0"
					: open ? "= C:"
					       : "> E:" },
			.tones = { open ? TONE_OPEN : TONE_DECIDED, TONE_TEXT, TONE_QUIET,
				open ? TONE_OPEN : TONE_STRONG },
			.mark = open ? MARK_ASK : MARK_CHANGE,
			.selectable = true };
	}
	row_at(page, 0)->group = "Files in the Bin on E:";
	row_at(page, 0)->group_note = "11 written";
	row_at(page, 0)->group_tone = TONE_QUIET;
	row_at(page, 11)->group = "Registry, ControlSet001";
	row_at(page, 11)->group_note = "2 written, 9 OPEN";
	row_at(page, 11)->group_tone = TONE_OPEN;
	return page;
}

/* ---- Ends ---- */

static struct page *end(struct page *page)
{
	static const struct column columns[] = { { "Step", 14, CUT_NEVER, false },
		{ "What", 24, CUT_END, false }, { "How it was checked", 20, CUT_END, true } };
	static const char *const cells[][3] = { { "1 Back up Bin", "41 files",
							"read back, SHA-256" },
		{ "2 Copy files", "10 made, 1 kept", "read back, SHA-256" },
		{ "3 Registry", "9 made, 2 right", "read by two readers" },
		{ "4 Share", "Maildat$ made", "read by two readers" },
		{ "5 Mail flow", "2 of 2 MTAs, both ways", "a person's word" },
		{ "6 Old folder", "left where it is", "by your decision" } };
	static const struct action actions[] = {
		{ .id = "read",
			.label = "Read the report",
			.hint = "Leaving prints the report's place and the next command.",
			.focused = true },
		{ .id = "quit", .label = "Quit" }
	};

	page->title = "The repair is over";
	page->mode = "LIVE";
	page->mode_tone = TONE_DANGER;
	page->verdict = (struct told){ "REPAIRED", TONE_GOOD };
	page->counts =
		"20 changes made, 0 open. Looked at again from scratch: nothing left to change.";
	page->tail =
		"The next service pack does the same again: run msmcfix check after it.\n"
		"Booting \"Last Known Good\" brings the old values back. Undo: msmcfix undo last\n";
	page->actions = actions;
	page->action_count = ARRAY_SIZE(actions);
	with_table(page, columns, 3, ARRAY_SIZE(cells));
	for (size_t i = 0; i < page->row_count; i++)
		*row_at(page, i) = (struct row){ .cells = { cells[i][0], cells[i][1], cells[i][2] },
			.tones = { TONE_STRONG },
			.lamp = i < 4    ? "DONE"
				: i == 4 ? "ATTESTED"
					 : "LEFT",
			.lamp_tone = i < 4 ? TONE_GOOD
				: i == 4   ? TONE_WARN
					   : TONE_CALM };
	return page;
}

static struct page *debrief(struct page *page)
{
	static const struct column columns[] = { { "Points", 6, CUT_NEVER, false },
		{ "What for", 60, CUT_END, false } };
	static const char *const cells[][2] = {
		{ "+55", "19 of 20 rows are as the case wants them" },
		{ "-45", "async.exe was copied over: it was NEWER" },
		{ "0", "no tips used, backup made and read back" }
	};
	static const struct detail told[] = {
		{ DETAIL_TEXT, "you", "copied setup's 5.5.2448.0 over 5.5.2652.36" },
		{ DETAIL_TEXT, "right", "keep the newer file, and say so in the report" },
		{ DETAIL_TEXT, "because",
			"Somebody put it there to cure a fault after the service pack. Copying brings the fault back, and nobody remembers which file it was." }
	};
	static const struct action actions[] = {
		{ .id = "again",
			.label = "Try again, another seed",
			.brief = "Try again",
			.hint = "Enter: the same fault on a new server.",
			.focused = true },
		{ .id = "next", .label = "Next case" },
		{ .id = "read", .label = "Read all of it", .brief = "Read all" }
	};
	static const struct points points = { 55, 100, 80 };

	page->title = "Debrief: The morning after the service pack";
	page->server = "seat anna, level 1, seed 3";
	page->badge = "06:40";
	page->mode = "TRAINING";
	page->points = &points;
	page->verdict = (struct told){ "NOT PASSED", TONE_DANGER };
	page->actions = actions;
	page->action_count = ARRAY_SIZE(actions);
	with_table(page, columns, 2, ARRAY_SIZE(cells));
	for (size_t i = 0; i < page->row_count; i++)
		*row_at(page, i) = (struct row){ .id = "x",
			.cells = { cells[i][0], cells[i][1] },
			.selectable = true,
			.subject = "file Bin\\async.exe",
			.type = "a newer file",
			.details = told,
			.detail_count = ARRAY_SIZE(told) };
	page->cursor = 1;
	return page;
}

struct page *sample_page(TALLOC_CTX *mem, enum sample sample)
{
	static struct page *(*const make[SAMPLES])(
		struct page *) = { first, registry, review, end, debrief };
	struct page *page = talloc_zero(mem, struct page);

	*page = (struct page){ .id = sample_names[sample],
		.server = "MAIL1",
		.badge = "09:39Z",
		.mode = "PRACTICE",
		.mode_tone = TONE_CALM,
		.run = "1122-0939",
		.who = "jsmith",
		.why = "Why this is asked.\n",
		.help = "What this page asks.\n" };
	return make[sample](page);
}
