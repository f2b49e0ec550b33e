/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of mail flow. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "mail/evidence.h"

static void row(TALLOC_CTX *mem, const json_t *json)
{
	struct evidence first, second;
	struct error err = { 0 };
	json_t *written, *again;

	if (evidence_parse(mem, json, &first, &err) != 0) {
		must_show(err.text);
		return;
	}
	must_show(evidence_text(mem, &first));
	must(first.grade <= MAIL_VERIFIED && first.direction < MAIL_DIRECTIONS,
		"a grade is one of the six");
	written = evidence_json(&first);
	must(written && evidence_parse(mem, written, &second, &err) == 0,
		"what was written can be read");
	again = evidence_json(&second);
	must(json_equal(written, again), "a record comes back as it was");
	json_decref(written);
	json_decref(again);
}

int fuzz_evidence(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	json_t *json = json_loadb((const char *)bytes, len,
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);

	if (json)
		row(mem, json);
	json_decref(json);
	talloc_free(mem);
	return 0;
}
