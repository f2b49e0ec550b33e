/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/language.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/text_unit.h"
#include "ui/say.h"

enum {
	MO_MAGIC = 0,
	MO_REVISION = 1,
	MO_COUNT = 2,
	MO_TEXTS = 3,
	MO_MEANINGS = 4,
	MO_HASH_COUNT = 5,
	MO_HASH = 6
};
enum { MO_HEADER = 28, MO_LIMIT = 16 << 20, LATIN = 0x24f };
#define MO_MAGIC_NUMBER 0x950412deu

/* A number of the file, which is as this machine has them; UINT32_MAX outside of it. */
static uint32_t number_at(const uint8_t *bytes, size_t len, uint64_t at)
{
	uint32_t number;

	if (at + sizeof number > len)
		return UINT32_MAX;
	memcpy(&number, bytes + at, sizeof number);
	return number;
}

static bool strings_whole(const uint8_t *bytes, size_t len, uint64_t table, uint32_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		uint64_t size = number_at(bytes, len, table + 8 * i),
			 at = number_at(bytes, len, table + 8 * i + 4);

		if (at + size >= len || bytes[at + size] != '\0')
			return false;
	}
	return true;
}

/* A search ends at a free place. */
static bool hash_whole(const uint8_t *bytes, size_t len, uint64_t table, uint32_t places,
	uint32_t count)
{
	bool ends = places == 0;

	for (uint64_t i = 0; i < places; i++) {
		uint32_t number = number_at(bytes, len, table + 4 * i);

		if (number > count)
			return false;
		ends |= number == 0;
	}
	return ends;
}

bool language_whole(const uint8_t *bytes, size_t len)
{
	uint32_t head[MO_HEADER / 4];

	if (len < sizeof head)
		return false;
	memcpy(head, bytes, sizeof head);
	return head[MO_MAGIC] == MO_MAGIC_NUMBER && head[MO_REVISION] == 0 &&
		head[MO_COUNT] < len / 8 && head[MO_HASH_COUNT] < len / 4 &&
		strings_whole(bytes, len, head[MO_TEXTS], head[MO_COUNT]) &&
		strings_whole(bytes, len, head[MO_MEANINGS], head[MO_COUNT]) &&
		hash_whole(bytes, len, head[MO_HASH], head[MO_HASH_COUNT], head[MO_COUNT]);
}

static bool file_whole(TALLOC_CTX *mem, const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	uint8_t *bytes = NULL;
	size_t len = 0;
	bool whole;

	if (fd < 0)
		return true; /* what is not there is not read */
	whole = file_read(mem, fd, MO_LIMIT, &bytes, &len) == 0 && language_whole(bytes, len);
	close(fd);
	return whole;
}

/* The catalogues that the C library may read for one name: de_AT.UTF-8@euro, de_AT, de. */
static const char *name_damaged(TALLOC_CTX *mem, const char *dir, char *name)
{
	static const char ends[] = "@._";

	for (size_t i = 0; i < sizeof ends; i++) {
		char *file = talloc_asprintf(mem, "%s/%s/LC_MESSAGES/msmcfix.mo", dir, name);

		if (!strchr(name, '/') && !file_whole(mem, file))
			return file;
		name[ends[i] != '\0' ? strcspn(name, (char[]){ ends[i], '\0' }) : 0] = '\0';
	}
	return NULL;
}

/* The first damaged one of those that the C library may read, or NULL. */
static const char *damaged(TALLOC_CTX *mem, const char *dir, const char *locale)
{
	const char *wanted = getenv("LANGUAGE");
	char *names = talloc_asprintf(mem, "%s:%s", wanted ? wanted : "", locale), *save = NULL;
	const char *found = NULL;

	for (char *name = strtok_r(names, ":", &save); name && !found;
		name = strtok_r(NULL, ":", &save))
		found = name_damaged(mem, dir, name);
	return found;
}

/* Whether all letters of this text are among the 512 that a font of the Linux console can hold. */
static bool console_shows(const char *text)
{
	const char *terminal = getenv("TERM");
	size_t len;

	if (!terminal || strncmp(terminal, "linux", strlen("linux")) != 0)
		return true;
	for (; *text != '\0'; text += len)
		if (text_step(text, &len) > LATIN)
			return false;
	return true;
}

void language_begin(bool ascii)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *dir = getenv("MSMCFIX_LOCALEDIR"), *locale, *bad = NULL;

	setlocale(LC_CTYPE, ascii ? "C" : "");
	locale = setlocale(LC_MESSAGES, "");
	dir = bindtextdomain("msmcfix", dir && *dir != '\0' ? dir : LOCALEDIR);
	bind_textdomain_codeset("msmcfix", "UTF-8");
	if (locale && dir && strcmp(locale, "C") != 0 && strcmp(locale, "POSIX") != 0)
		bad = damaged(mem, dir, locale);
	if (bad || strcmp(nl_langinfo(CODESET), "UTF-8") != 0 || !console_shows(_("Leave")))
		setlocale(LC_MESSAGES, "C");
	if (bad)
		say_paragraph(stderr, "msmcfix: ", 9,
			talloc_asprintf(mem,
				"The messages in %s are damaged; they are shown in English.",
				text_shown(mem, bad)));
	talloc_free(mem);
}

void language_for_programs(void)
{
	setlocale(LC_MESSAGES, "C");
}
