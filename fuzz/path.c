/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Full paths and names. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "nt/path.h"

static void full(TALLOC_CTX *mem, const char *path)
{
	char *again = path_normal(mem, path), *built = talloc_strndup(mem, path, 3),
	     *parent = path_parent(mem, path);
	size_t parts = path_parts(path);

	must(again && !strcmp(again, path), "a full path is its own normal form");
	for (size_t i = 0; i < parts; i++) {
		char *part = path_part(mem, path, i);

		must(part && path_name_ok(part), "every part of a full path is a name");
		built = path_join(mem, built, part);
	}
	must(!strcmp(built, path), "a full path is what its parts make");
	must(path_part(mem, path, parts) == NULL, "there are as many parts as counted");
	must(path_under(path, parent) && path_under(path, path) && path_equal(path, path),
		"a path lies below its parent");
	must(parts ? !strcmp(path_join(mem, parent, path_leaf(path)), path) : !strcmp(parent, path),
		"parent and leaf make the path");
}

static void name(TALLOC_CTX *mem, const char *text)
{
	char *guess;

	if (path_is_short(text))
		must(path_name_ok(text), "a short name is a name");
	if (!path_name_ok(text))
		return;
	guess = path_short_guess(mem, text);
	must(guess && path_is_short(guess), "the short name of a name is one");
	must(path_equal(path_part(mem, path_join(mem, "C:\\", text), 0), text),
		"a name is one part of a path");
	full(mem, path_join(mem, "C:\\", text));
}

int fuzz_path(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct feed feed = { bytes, len };
	char *a = feed_text(mem, &feed), *b = feed_text(mem, &feed), *path = path_normal(mem, a),
	     *other = path_normal(mem, b);

	name(mem, a);
	if (path)
		full(mem, path);
	if (path && other && path_under(path, other) && path_under(other, path))
		must(path_equal(path, other), "two paths below each other are one");
	talloc_free(mem);
	return 0;
}
