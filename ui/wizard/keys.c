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

	tail->bare = false;
	if (bare && (key == 'M' || key == '[')) {
		*tail = (struct tail){ .part = TAIL_COUNTED,
			.count = key == 'M' ? MOUSE_BYTES : 1 };
		return true;
	}
	if (key == '~' && tail->parameter == PASTE_BEGINS) {
		*tail = (struct tail){ .part = TAIL_PASTE };
		return true;
	}
	if (key >= '0' && key <= '9')
		tail->parameter = tail->parameter % 1000 * 10 + (unsigned)(key - '0');
	else
		tail->parameter = 0;
	return key >= ' ' && key < '@';
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
		return --tail->count > 0;
	case TAIL_PASTE:
		return paste(tail, key);
	}
	return false;
}
