/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizard/requests.h"

#include <ncurses.h>

#include "base/i18n.h"

#define REQUEST_ROW(name, key, twin, word, what) { key, twin, word, what },
static const struct request_row rows[] = { REQUESTS(REQUEST_ROW) };
#undef REQUEST_ROW

const struct request_row *request_rows(void)
{
	return rows;
}

enum request request_of(int key)
{
	if (key == '\r')
		key = '\n';
	for (int i = 0; i < REQUEST_COUNT; i++)
		if (key != 0 && (rows[i].key == key || rows[i].twin == key))
			return (enum request)i;
	return REQUEST_NONE;
}
