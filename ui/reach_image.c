/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server inside disk images. */
#include <stdlib.h>

#include "base/text.h"
#include "server/image.h"
#include "ui/reach.h"

/* ---- what leads there again ---- */

/* As --image takes them, from the root. */
static char *images_said(TALLOC_CTX *mem, const struct server *server)
{
	size_t count;
	const struct image_told *told = server->overlay->told(server, &count);
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < count; i++)
		text = text_item_add(talloc_strdup_append(text, i > 0 ? "," : ""), told[i].path);
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
	char *folder = options->overlay ? realpath(options->overlay, NULL) : NULL;

	*reached = (struct server_reached){
		.image = images_said(server, server),
		.letters = talloc_strdup(server, said),
		.overlay = talloc_strdup(server, folder),
		.nt_folder = talloc_strdup(server, options->nt_folder),
	};
	free(folder);
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
