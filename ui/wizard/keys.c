/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizard/keys.h"

#include <string.h>

enum { ESC = 27, BEL = 7, MOUSE_BYTES = 3, PASTE_BEGINS = 200 };

static bool first(struct tail *tail, int key)
{
	/* Terminals that send Esc for Alt do so before a whole sequence, too. */
	if (key == ESC)
		return true;
	if (key == '[') {
		*tail = (struct tail){ .part = TAIL_CONTROL, .bare = true };
		return true;
	}
	if (key == 'O') {
		*tail = (struct tail){ .part = TAIL_COUNTED, .count = 1 };
		return true;
	}
	tail->part = TAIL_STRING;
	return key > 0 && key < 0x80 && strchr("PX]^_", key);
}

/* Three forms have more behind their last byte: a mouse report of three bytes (ESC [ M), a key of
 * the Linux console (ESC [ [ A), and a paste. */
static bool control(struct tail *tail, int key)
{
	bool bare = tail->bare;
	unsigned *number = tail->number < TAIL_NUMBERS ? &tail->numbers[tail->number] : NULL;

	tail->bare = false;
	if (bare && (key == 'M' || key == '[')) {
		*tail = (struct tail){ .part = TAIL_COUNTED,
			.form = key == 'M' ? 'M' : '\0',
			.count = key == 'M' ? MOUSE_BYTES : 1 };
		return true;
	}
	if (key == '~' && number && *number == PASTE_BEGINS) {
		*tail = (struct tail){ .part = TAIL_PASTE };
		return true;
	}
	if (key >= '0' && key <= '9' && number)
		*number = *number % 1000 * 10 + (unsigned)(key - '0');
	else if (key == ';' && number)
		tail->number++;
	else if (bare && key == '<')
		tail->form = '<';
	if (key >= ' ' && key < '@')
		return true;
	tail->last = bare || tail->form == '<' ? key : 0;
	return false;
}

/* Bytes of a key of the keypad or the console, or of a report. */
static bool counted(struct tail *tail, int key)
{
	if (tail->form == 'M' && key >= ' ' && key < 0x100)
		tail->numbers[MOUSE_BYTES - tail->count] = (unsigned)(key - ' ');
	return --tail->count > 0;
}

static bool paste(struct tail *tail, int key)
{
	static const char end[] = "\033[201~";

	if (key != end[tail->count])
		tail->count = 0;
	if (key == end[tail->count])
		tail->count++;
	return tail->count < sizeof end - 1;
}

bool tail_takes(struct tail *tail, int key)
{
	/* An Esc in the middle begins another one (ECMA-48 has none in these). */
	if (key == ESC && (tail->part == TAIL_CONTROL || tail->part == TAIL_COUNTED)) {
		*tail = (struct tail){ 0 };
		return true;
	}
	switch (tail->part) {
	case TAIL_FIRST:
		return first(tail, key);
	case TAIL_CONTROL:
		return control(tail, key);
	case TAIL_STRING:
		tail->part = key == ESC ? TAIL_STRING_ESC : TAIL_STRING;
		return key != BEL;
	case TAIL_STRING_ESC:
		tail->part = key == ESC ? TAIL_STRING_ESC : TAIL_STRING;
		return key != '\\' && key != BEL;
	case TAIL_COUNTED:
		return counted(tail, key);
	case TAIL_PASTE:
		return paste(tail, key);
	}
	return false;
}

struct report tail_report(const struct tail *tail)
{
	enum { LEFT = 0, MODIFIERS = 4 | 8 | 16, WHEEL_UP = 64, WHEEL_DOWN = 65 };
	const unsigned *numbers = tail->numbers;
	bool bytes = tail->part == TAIL_COUNTED && tail->form == 'M' && tail->count == 0;
	bool counts = tail->part == TAIL_CONTROL && tail->form == '<' && tail->last == 'M' &&
		tail->number == 2;
	struct report report = { 0 };

	if (tail->part == TAIL_CONTROL && tail->form == '\0' && tail->last == 'I')
		report.kind = REPORT_FOCUS;
	if ((!bytes && !counts) || numbers[1] == 0 || numbers[2] == 0)
		return report;
	report.column = numbers[1] - 1;
	report.row = numbers[2] - 1;
	switch (numbers[0] & ~(unsigned)MODIFIERS) {
	case LEFT:
		report.kind = REPORT_CLICK;
		break;
	case WHEEL_UP:
		report.kind = REPORT_WHEEL_UP;
		break;
	case WHEEL_DOWN:
		report.kind = REPORT_WHEEL_DOWN;
		break;
	}
	return report;
}

bool report_counts(const struct report *report, uint64_t now, uint64_t *focus)
{
	if (report->kind == REPORT_FOCUS)
		*focus = now;
	return report->kind == REPORT_WHEEL_UP || report->kind == REPORT_WHEEL_DOWN ||
		(report->kind == REPORT_CLICK && (*focus == 0 || now - *focus >= FOCUS_MS));
}
