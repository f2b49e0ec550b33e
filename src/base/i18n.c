/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"

#include <errno.h>
#include <locale.h>

bool i18n_foreign(void)
{
	/* What is said of a catalogue itself stands in it under the empty sentence. */
	return *dgettext("msmcfix", "") != '\0';
}

bool i18n_english(void)
{
	int sys = errno;
	locale_t own = i18n_foreign() ? duplocale(LC_GLOBAL_LOCALE) : (locale_t)0,
		 english = own ? newlocale(LC_MESSAGES_MASK, "C", own) : (locale_t)0;

	if (english)
		uselocale(english);
	else if (own)
		freelocale(own);
	errno = sys;
	return english;
}

bool i18n_twice(void)
{
	return uselocale((locale_t)0) != LC_GLOBAL_LOCALE;
}

void i18n_shown(bool english)
{
	if (english)
		freelocale(uselocale(LC_GLOBAL_LOCALE));
}
