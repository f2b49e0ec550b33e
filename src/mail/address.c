/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses as logs have them (maillog.h). */
#include "mail/maillog.h"

#include <string.h>

#include "base/text.h"

struct part {
	const char *text;
	size_t len;
};

/* Without blanks at the ends and without the type in front. */
static struct part bare(const char *address)
{
	struct part part = { address, strlen(address) };

	for (int i = 0; i < 2; i++) {
		for (; part.len > 0 && *part.text == ' '; part.text++)
			part.len--;
		if (i == 0 && part.len > 3 && text_equal_n(part.text, "MS:", 3)) {
			part.text += 3;
			part.len -= 3;
		}
	}
	while (part.len > 0 && part.text[part.len - 1] == ' ')
		part.len--;
	return part;
}

static bool part_equal(struct part a, struct part b)
{
	return a.len == b.len && a.len > 0 && text_equal_n(a.text, b.text, a.len);
}

/* Where BOX of NET/PO/BOX begins; 0: another form. */
static size_t box_at(struct part address)
{
	size_t count = 0, at = 0;

	for (size_t i = 0; i < address.len; i++)
		if (address.text[i] == '/') {
			if (i == at)
				return 0;
			count++;
			at = i + 1;
		}
	return count == 2 && at < address.len ? at : 0;
}

/* The last name of "/o=Org/ou=Site/cn=Recipients/cn=admin". */
static struct part last_name(struct part address)
{
	size_t at = address.len;

	if (address.len < 3 || !text_equal_n(address.text, "/o=", 3))
		return (struct part){ NULL, 0 };
	while (at > 0 && address.text[at - 1] != '/')
		at--;
	if (address.len - at < 3 || !text_equal_n(address.text + at, "cn=", 3))
		return (struct part){ NULL, 0 };
	at += 3;
	return (struct part){ address.text + at, address.len - at };
}

/* Whatever the form, an address ends like its box; most others do not. */
static bool ends_alike(struct part a, struct part b)
{
	unsigned char x = (unsigned char)a.text[a.len - 1], y = (unsigned char)b.text[b.len - 1];

	return x >= 0x80 || y >= 0x80 || text_upcase(x) == text_upcase(y);
}

bool mail_address_same(const char *logged, const char *box)
{
	struct part a, b;
	size_t at;
	bool same;

	if (!logged || !box)
		return false;
	a = bare(logged);
	b = bare(box);
	if (a.len == 0 || b.len == 0 || !ends_alike(a, b))
		return false;
	same = part_equal(a, b);
	at = same ? 0 : box_at(b);
	if (at > 0)
		same = part_equal(last_name(a), (struct part){ b.text + at, b.len - at });
	/* Two letters of another code page look alike once they are U+FFFD. */
	return same && !strstr(logged, "\xef\xbf\xbd");
}

char *mail_address_postoffice(TALLOC_CTX *mem, const char *address)
{
	struct part part = bare(address);
	size_t at = box_at(part);

	return at > 0 ? talloc_strndup(mem, part.text, at - 1) : NULL;
}
