/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drive letters as the registry keeps them: an odd first byte says a value of MountedDevices, whose
 * name comes first; else all is Information. */
#include "fuzz/fuzz.h"

#include "nt/diskkey.h"

static void must_letter(const struct disk_letter *letter)
{
	must(letter->letter >= 'A' && letter->letter <= 'Z', "a letter is one");
	must(!letter->dynamic || (letter->signature == 0 && letter->offset == 0),
		"of a dynamic disk nothing else is told");
}

static void mounted(TALLOC_CTX *mem, struct feed *feed)
{
	struct disk_letter letter;
	const char *name = feed_text(mem, feed);
	const struct reg_data data = { REG_BINARY, (uint8_t *)feed->bytes, feed->left };

	if (diskkey_mounted(name, &data, &letter))
		must_letter(&letter);
}

int fuzz_diskkey(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct feed feed = { bytes, len };
	struct disk_letter *letters;
	size_t count = 0;

	if (feed_byte(&feed) & 1)
		mounted(mem, &feed);
	else if (diskkey_information(mem, feed.bytes, feed.left, &letters, &count, NULL) == 0)
		must(count <= DISKKEY_LETTERS && count * 52 <= feed.left, "a letter has bytes");
	for (size_t i = 0; i < count; i++) {
		must_letter(&letters[i]);
		must(letters[i].length > 0 && letters[i].offset <= INT64_MAX - letters[i].length,
			"a partition lies on a disk");
		must(i == 0 || letters[i].letter > letters[i - 1].letter, "a letter is given once");
	}
	talloc_free(mem);
	return 0;
}
