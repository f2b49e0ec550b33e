/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizard/requests.h"

#include <ncurses.h>

#include "base/i18n.h"

enum { BEHIND_THE_LAST = 1 << 24 };

#define REQUEST_ROW(name, key, twin, word, what) { key, twin, word, what },
const struct request_row request_rows[REQUEST_COUNT] = { REQUESTS(REQUEST_ROW) };
#undef REQUEST_ROW

enum request request_of(int key)
{
	if (key == '\r')
		key = '\n';
	for (int i = 0; i < REQUEST_COUNT; i++)
		if (key != 0 && (request_rows[i].key == key || request_rows[i].twin == key))
			return (enum request)i;
	return REQUEST_NONE;
}

bool request_move(enum request request, size_t room, size_t *at)
{
	if (request == REQUEST_UP)
		*at -= *at > 0 ? 1 : 0;
	else if (request == REQUEST_DOWN)
		*at += 1;
	else if (request == REQUEST_PAGE_UP)
		*at -= *at > room ? room : *at;
	else if (request == REQUEST_PAGE_DOWN)
		*at += room;
	else if (request == REQUEST_FIRST)
		*at = 0;
	else if (request == REQUEST_LAST)
		*at = BEHIND_THE_LAST;
	else
		return false;
	return true;
}
