/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

/* The number of bytes that the character beginning with lead has. */
static size_t character_length(unsigned char lead)
{
	if (lead < 0xc0)
		return 1;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* A sentence that was too long must not end within a character. */
static void error_trim(char *text, size_t room, int wanted)
{
	size_t end = room - 1, last = end;

	if (wanted < 0) {
		*text = '\0';
		return;
	}
	if ((size_t)wanted < room || end == 0)
		return;
	do
		last--;
	while (last > 0 && ((unsigned char)text[last] & 0xc0) == 0x80);
	if (last + character_length((unsigned char)text[last]) > end)
		text[last] = '\0';
}

__attribute__((format(printf, 2, 0)))
static void error_write(struct error *err, const char *format, va_list args)
{
	error_trim(err->text, sizeof err->text, vsnprintf(err->text, sizeof err->text, format, args));
}

int error_set(struct error *err, enum trouble trouble, const char *format, ...)
{
	va_list args;

	if (err) {
		err->trouble = trouble;
		va_start(args, format);
		error_write(err, format, args);
		va_end(args);
	}
	return -(int)trouble;
}

static enum trouble trouble_of_system(int sys, enum trouble fallback)
{
	switch (sys) {
	case ENOSPC:
	case EDQUOT:
		return TROUBLE_NO_ROOM;
	case EACCES:
	case EPERM:
		return TROUBLE_PERMISSION;
	case EROFS:
		return TROUBLE_READ_ONLY;
	case ELOOP:
	case EXDEV:
		return TROUBLE_LINK;
	default:
		return fallback;
	}
}

int error_system(struct error *err, enum trouble fallback, int sys, const char *format, ...)
{
	enum trouble trouble = trouble_of_system(sys, fallback);
	char buffer[256];
	size_t used;
	va_list args;

	if (!err)
		return -(int)trouble;
	err->trouble = trouble;
	va_start(args, format);
	error_write(err, format, args);
	va_end(args);
	used = strlen(err->text);
	error_trim(err->text + used, sizeof err->text - used,
		   snprintf(err->text + used, sizeof err->text - used, ": %s", strerror_r(sys, buffer, sizeof buffer)));
	return -(int)trouble;
}

int error_memory(struct error *err)
{
	return error_set(err, TROUBLE_MEMORY, "%s", _("There is not enough memory."));
}
