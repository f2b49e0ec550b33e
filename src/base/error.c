/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

/* The sentence, and what errno value sys means unless that is 0. Nothing of it is in text before it
 * is whole, so an argument may be the sentence that was there. What does not fit is cut between
 * characters: the escape of half of one would not fit either. */
__attribute__((format(printf, 4, 0))) static void error_write(char *text, size_t room, int sys,
	const char *format, va_list args)
{
	char raw[sizeof(struct error)], buffer[256];
	size_t used;

	vsnprintf(raw, sizeof raw, format, args);
	used = strlen(raw);
	if (sys)
		snprintf(raw + used, sizeof raw - used, ": %s",
			strerror_r(sys, buffer, sizeof buffer));
	text_escape(text, room, raw);
}

void error_set_english(struct error *err, int sys, const char *format, ...)
{
	int kept = errno;
	va_list args;

	if (err) {
		va_start(args, format);
		error_write(err->english, sizeof err->english, sys, format, args);
		va_end(args);
	}
	i18n_shown(true);
	errno = kept;
}

__attribute__((format(printf, 4, 0))) static int error_shown(struct error *err,
	enum trouble trouble, int sys, const char *format, va_list args)
{
	if (err) {
		err->trouble = trouble;
		err->advised = false;
		error_write(err->text, sizeof err->text, sys, format, args);
		if (!i18n_foreign())
			*err->english = '\0';
	}
	return -(int)trouble;
}

int error_set_shown(struct error *err, enum trouble trouble, const char *format, ...)
{
	va_list args;
	int ret;

	va_start(args, format);
	ret = error_shown(err, trouble, 0, format, args);
	va_end(args);
	return ret;
}

const char *error_record(const struct error *err)
{
	return *err->english ? err->english : err->text;
}

const char *error_text(const struct error *err)
{
	return i18n_twice() ? error_record(err) : err->text;
}

int error_advise(struct error *err, int ret, const char *format, ...)
{
	va_list args;

	if (err) {
		err->advised = true;
		va_start(args, format);
		error_write(err->advice, sizeof err->advice, 0, format, args);
		va_end(args);
	}
	return ret;
}

const char *error_advice(const struct error *err)
{
	if (!err->advised && err->trouble == TROUBLE_PERMISSION && geteuid() == 0)
		return _(
			"The program runs as root, so it is the file system that refuses. Check how it is mounted.");
	return err->advised ? err->advice : trouble_advice(err->trouble);
}

int error_pass(struct error *err, const struct error *why)
{
	if (err)
		*err = *why;
	return -(int)why->trouble;
}

/* What helps depends on errno, not on the caller. Without a row here, the trouble's own advice
 * holds. */
static const char *advice_of_system(enum trouble trouble, enum trouble fallback, int sys)
{
	static const struct {
		int sys;
		const char *advice;
	} rows[] = {
		{ EIO,
			N_("Check the disk, its cable or the network, then try again. "
			   "After a power failure, let Windows check the drive first (chkdsk /f).") },
		{ EMFILE, N_("Allow this program more open files (ulimit -n), then try again.") },
		{ EFBIG,
			N_("Allow larger files (ulimit -f), or use a file system that holds them.") },
		{ ENOTCONN,
			N_("The driver of this drive (ntfs-3g) has ended. Start the program again and resume.") },
		{ EBUSY, N_("Close whatever is using it, then try again.") },
		{ ETXTBSY, N_("Close whatever is using it, then try again.") },
		{ EOPNOTSUPP,
			N_("This file system, or the way it is mounted, does not support that. "
			   "Mount the drive with ntfs-3g and its default options.") },
	};

	bool limit = sys == EMFILE || sys == EFBIG;

	/* Whatever is wrong with the folder of runs, another one helps; not so with a limit. */
	if (fallback == TROUBLE_NO_RUN_FOLDER && trouble == TROUBLE_NO_ROOM)
		return _("Make room there, or choose another place with --runs.");
	if (fallback == TROUBLE_NO_RUN_FOLDER && !limit)
		return trouble_advice(fallback);
	for (size_t i = 0; trouble == fallback && i < ARRAY_SIZE(rows); i++)
		if (rows[i].sys == sys)
			return _(rows[i].advice);
	return NULL;
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

int error_system_shown(struct error *err, enum trouble fallback, int sys, const char *format, ...)
{
	enum trouble trouble = trouble_of_system(sys, fallback);
	const char *advice = advice_of_system(trouble, fallback, sys);
	va_list args;
	int ret;

	va_start(args, format);
	ret = error_shown(err, trouble, sys, format, args);
	va_end(args);
	return advice ? error_advise(err, ret, "%s", advice) : ret;
}

int error_memory(struct error *err)
{
	return error_set(err, TROUBLE_MEMORY, "%s", _("There is not enough memory."));
}
