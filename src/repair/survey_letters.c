/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Are the drives given under the server's own letters? */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define NT_KEY "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"

/* A path of the registry that is on its drive proves the letter; one that is only on another drive shows that letters
 * were mixed up. */
static int letter_fact(struct look *look, const char *path, enum entry_kind kind, bool proved[26], bool *there)
{
	int ret = look_exists(look, path, kind, there);

	if (ret != 0 || !look_has_drive(look, path))
		return ret;
	if (*there) {
		proved[path[0] - 'A'] = true;
		return 0;
	}
	for (const char *letter = look->letters; *letter; letter++) {
		bool elsewhere = false;
		char *other = talloc_strdup(look->tmp, path);
		if (!other)
			return error_memory(look->err);
		other[0] = *letter;
		ret = look_exists(look, other, kind, &elsewhere);
		if (ret != 0)
			return ret;
		if (elsewhere)
			return error_set(look->err, TROUBLE_LETTERS,
					 _("The registry names %s, but that is on the drive given as %c:."),
					 look_shown(look, path), *letter);
	}
	return 0;
}

static int letter_nt(struct look *look, bool proved[26])
{
	const char *found = look->survey->id->nt_folder;
	struct reg_key *key;
	const struct reg_value *value;
	char *text, *root;
	bool there;
	int ret = look_key(look, NT_KEY, &key);

	value = ret == 0 ? look_value(key, "SystemRoot") : NULL;
	text = value ? look_string(look, &value->data) : NULL;
	root = text ? path_normal(look->tmp, text) : NULL;
	if (ret != 0 || !root)
		return ret;
	if (root[0] != found[0])
		return error_set(look->err, TROUBLE_LETTERS,
				 _("Windows says it is installed in %s, but it was found in %s."),
				 look_shown(look, root), look_shown(look, found));
	return letter_fact(look, root, ENTRY_FOLDER, proved, &there);
}

/* Exchange's own services; the connector's are what is in doubt. */
static int letter_services(struct look *look, bool proved[26])
{
	static const char *const names[] = { "MSExchangeSA", "MSExchangeDS", "MSExchangeIS", "MSExchangeMTA" };
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < sizeof(names) / sizeof(names[0]); i++) {
		const struct look_service *service = look_service_find(look, names[i]);
		size_t count = 0;
		struct path_span *spans;
		bool there;
		if (!service || !service->image)
			continue;
		spans = path_spans(look->tmp, service->image, PATH_COMMAND, look->survey->id->nt_folder, &count);
		if (!spans)
			return error_memory(look->err);
		if (count && spans[0].full)
			ret = letter_fact(look, spans[0].full, ENTRY_FILE, proved, &there);
	}
	return ret;
}

/* What the mount manager keeps of a fixed disk: signature and offset of a partition of a basic disk, or "DMIO:ID:" and the
 * GUID of a dynamic volume or of a GPT partition. Others are device names: CD-ROMs, removable disks. */
static bool mounted_fixed(const struct reg_data *data)
{
	return data->len == 12 || (data->len == 24 && memcmp(data->bytes, "DMIO:ID:", 8) == 0);
}

/* The letters that Windows 2000 has given. NT 4.0 has SYSTEM\DISK, whose format no source describes: it is not
 * used. A list without the drive that Windows itself is on is incomplete, and proves nothing about others. */
static int letters_mounted(struct look *look, bool given[26], bool *whole)
{
	char own = look->survey->id->nt_folder[0];
	struct reg_key *key;
	int ret = look_key(look, "SYSTEM\\MountedDevices", &key);

	*whole = false;
	for (size_t i = 0; ret == 0 && key && i < key->value_count; i++) {
		const char *name = key->values[i].name;
		char letter = strlen(name) == 14 ? (char)(name[12] & ~0x20) : 0;
		if (letter < 'A' || letter > 'Z' || name[13] != ':' || !text_equal_n(name, "\\DosDevices\\", 12))
			continue;
		given[letter - 'A'] = true;
		*whole = *whole || (letter == own && mounted_fixed(&key->values[i].data));
	}
	return ret;
}

static int letters_involved(struct look *look, char involved[4])
{
	const struct survey *survey = look->survey;
	const char all[] = { survey->id->nt_folder[0], survey->exchange_root[0], survey->relocated_msmcon[0] };
	bool given[26] = { false }, whole;
	size_t count = 0;
	int ret = letters_mounted(look, given, &whole);

	for (size_t i = 0; i < sizeof(all); i++)
		if (!memchr(involved, all[i], count))
			involved[count++] = all[i];
	involved[count] = '\0';
	for (size_t i = 0; ret == 0 && whole && i < count; i++)
		if (!given[involved[i] - 'A'])
			ret = error_set(look->err, TROUBLE_LETTERS, _("Windows has no disk under the letter %c:."),
					involved[i]);
	return ret;
}

static int letters_conclude(struct look *look, const char *involved, const bool proved[26])
{
	struct survey *survey = look->survey;
	char open[4] = "";
	size_t count = 0;

	for (size_t i = 0; involved[i]; i++)
		if (!proved[involved[i] - 'A'])
			open[count++] = involved[i];
	survey->letters_proved = count == 0;
	survey->letters_source = talloc_strdup(survey, count == 0 ?
		_("Folders and programs that the registry names are on the drives with those letters.") :
		look->options->letters_confirmed ? _("The operator vouches for the drive letters.") :
		_("The drive letters are not proved."));
	if (!survey->letters_source)
		return error_memory(look->err);
	if (count == 0 || look->options->letters_confirmed)
		return 0;
	if (look_notice(look, "letters",
			_("Nothing in the registry proves that the folder given as drive %c: "
			  "has that letter on the server. Make sure of it before you change anything."),
			open[0]) != 0)
		return -TROUBLE_MEMORY;
	return look_refuse(look, TROUBLE_LETTERS,
			   _("The letter of drive %c: is not proved. Confirm the drive letters to go on."), open[0]);
}

int look_letters(struct look *look)
{
	const struct survey *survey = look->survey;
	bool proved[26] = { false }, there = false;
	char involved[4] = "";
	int ret = letter_nt(look, proved);

	if (ret == 0)
		ret = letter_fact(look, survey->exchange_root, ENTRY_FOLDER, proved, &there);
	if (ret == 0 && !there)
		ret = error_set(look->err, TROUBLE_LETTERS,
				_("Exchange is installed in %s, but there is no such folder on the drive given as %c:."),
				look_shown(look, survey->exchange_root), survey->exchange_root[0]);
	if (ret == 0)
		ret = letter_services(look, proved);
	/* What a run wrote on the operator's word for the letters is no further proof of them. */
	if (ret == 0 && look->relocated_named && !look_is_written(look, look->options->written.vouched))
		ret = letter_fact(look, survey->relocated_msmcon, ENTRY_FOLDER, proved, &there);
	if (ret == 0)
		ret = letters_involved(look, involved);
	return ret == 0 ? letters_conclude(look, involved, proved) : ret;
}
