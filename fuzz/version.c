/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Version resources of programs, and versions as text. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "nt/peversion.h"

int fuzz_version(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct feed feed = { bytes, len };
	struct pe_version version, again;
	char text[24];
	/* Its own copy, so that a byte too far is seen. */
	uint8_t *file = talloc_memdup(mem, bytes, len);

	if (pe_version_read(file, len, &version)) {
		pe_version_text(&version, text);
		must(pe_version_parse(text, &again) && pe_version_compare(&version, &again) == 0,
			"a version comes back as it was");
	}
	if (pe_version_parse(feed_text(mem, &feed), &version)) {
		pe_version_text(&version, text);
		must(pe_version_parse(text, &again) && pe_version_compare(&version, &again) == 0,
			"a version comes back as it was");
	}
	talloc_free(mem);
	return 0;
}
