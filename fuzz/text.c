/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text as it comes in, is kept, is shown and goes out again. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/digest.h"
#include "base/text.h"

static void units(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	size_t back_len;
	char *text = text_from_utf16(mem, bytes, len);
	uint8_t *back = text_to_utf16(mem, text, &back_len);

	must(back && back_len == len / 2 * 2 && (back_len == 0 || !memcmp(back, bytes, back_len)),
		"any UTF-16 comes back as it was");
	must_show(text_shown(mem, text));
	text = text_from_latin1(mem, bytes, len);
	must_show(text_shown(mem, text));
	text = text_hex(mem, bytes, len);
	back = text_unhex(mem, text, &back_len);
	must(back && back_len == len && (len == 0 || !memcmp(back, bytes, len)),
		"hex comes back as it was");
}

static void string(TALLOC_CTX *mem, const char *text)
{
	char *shown = text_shown(mem, text), *coded = text_percent(mem, text),
	     *plain = text_unpercent(mem, coded);
	size_t len;
	uint8_t *wide = text_to_utf16(mem, text, &len);

	must_show(shown);
	must(!strcmp(text_shown(mem, shown), shown), "what is shown can be shown as it is");
	must_show(coded);
	must(plain && !strcmp(plain, text), "percent-coded text comes back as it was");
	must(!strpbrk(coded, "/"), "percent-coded text holds no separator");
	must(text_equal(text, text) && text_equal_n(text, text, strlen(text)),
		"text is equal to itself");
	if (wide)
		must(!strcmp(text_from_utf16(mem, wide, len), text),
			"text comes back from UTF-16 as it was");
	(void)text_unpercent(mem, text);
	(void)text_unhex(mem, text, &len);
}

/* An order: what is before cannot be behind. */
static int sign(int order)
{
	return (order > 0) - (order < 0);
}

int fuzz_text(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct feed feed = { bytes, len };
	struct digest digest;
	char *a = feed_text(mem, &feed), *b = feed_text(mem, &feed), *c = feed_text(mem, &feed),
	     hex[65];

	units(mem, bytes, len);
	string(mem, a);
	must(sign(text_compare(a, b)) == -sign(text_compare(b, a)), "two texts have an order");
	if (text_compare(a, b) <= 0 && text_compare(b, c) <= 0)
		must(text_compare(a, c) <= 0, "three texts have an order");
	if (digest_parse(a, &digest)) {
		digest_text(&digest, hex);
		must(text_equal(hex, a), "a digest comes back as it was");
	}
	talloc_free(mem);
	return 0;
}
