/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server inside disk images. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/image.h"
#include "ui/reach.h"

/* ---- what leads there again ---- */

/* One path from the root, as a name in --image: "," becomes "\,". */
static char *path_add(char *text, const char *here, const char *path, size_t len)
{
	if (*path != '/' && here) {
		for (; *here != '\0'; here++)
			text = talloc_asprintf_append(text, *here == ',' ? "\\%c" : "%c", *here);
		text = talloc_strdup_append(text, "/");
	}
	return talloc_strndup_append(text, path, len);
}

static size_t name_length(const char *files)
{
	size_t len = 0;

	while (files[len] != '\0' && files[len] != ',')
		len += files[len] == '\\' && files[len + 1] == ',' ? 2 : 1;
	return len;
}

static char *images_absolute(TALLOC_CTX *mem, const char *files, const char *here)
{
	char *text = talloc_strdup(mem, "");

	while (*files != '\0') {
		size_t len = name_length(files);

		text = path_add(text, here, files, len);
		files += len;
		if (*files == ',') {
			text = talloc_strdup_append(text, ",");
			files++;
		}
	}
	return text;
}

/* "C=1.1,E=2.1", those that somebody said; NULL for none. */
static char *letters_said(TALLOC_CTX *mem, struct image *image)
{
	size_t count;
	const struct image_part *parts = image_parts(image, &count);
	char *text = NULL;

	for (size_t i = 0; i < count; i++)
		if (parts[i].proof == PART_SAID)
			text = talloc_asprintf(mem, "%s%s%c=%u.%u", text ? text : "",
				text ? "," : "", parts[i].letter, parts[i].disk, parts[i].number);
	return text;
}

static int image_reached(struct server *server, const struct options *options, const char *said,
	struct error *err)
{
	struct server_reached *reached = &server->reached;
	char *here = getcwd(NULL, 0);

	*reached = (struct server_reached){
		.image = images_absolute(server, options->image, here),
		.letters = talloc_strdup(server, said),
		.overlay = options->overlay && *options->overlay != '/' && here
			? talloc_asprintf(server, "%s/%s", here, options->overlay)
			: talloc_strdup(server, options->overlay),
		.nt_folder = talloc_strdup(server, options->nt_folder),
	};
	free(here);
	return reached->image ? 0 : error_memory(err);
}

/* ---- opening ---- */

/* Open until its letters are known: the walk asks for them on a page of its own. */
static void image_keep(struct image *image, struct image **place, int ret)
{
	if (ret == -TROUBLE_WHICH_LETTERS && place)
		*place = image;
	else
		talloc_free(image);
}

int reach_image(TALLOC_CTX *mem, const struct options *options, struct server **server,
	struct error *err)
{
	struct image_spec spec = { .files = options->image,
		.letters = options->letters,
		.overlay = options->overlay,
		.nt_folder = options->nt_folder,
		.over = options->over };
	struct image **place = options->reaching ? options->reaching->image : NULL,
		     *image = place ? *place : NULL;
	char *said;
	int ret = image ? 0 : image_open(mem, &spec, &image, err);

	if (place)
		*place = NULL;
	said = ret == 0 ? letters_said(mem, image) : NULL;
	if (ret == 0)
		ret = image_server(mem, image, server, err);
	if (ret == 0)
		ret = image_reached(*server, options, said, err);
	else
		image_keep(image, place, ret);
	talloc_free(said);
	return ret;
}
