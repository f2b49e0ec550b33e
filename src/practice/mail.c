/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connector of a practice server: what registry, share and services make of it in one step. */
#include <time.h>

#include "base/file.h"
#include "base/text.h"
#include "nt/evtfile.h"
#include "nt/path.h"
#include "practice/mail_parts.h"

#define INTERCHANGE "MSExchangeMSMI"

static bool depends_run(struct mail_turn *turn, const char *service)
{
	char *key = talloc_asprintf(turn->mem, "%s\\%s", turn->services, service), **names;
	struct reg_data *data = NULL;
	struct error err;
	size_t count = 0;

	if (!key ||
		turn->server->ops->reg_read(turn->server, turn->mem, key, "DependOnService", &data,
			&err) < 0)
		return false;
	names = data ? regdata_strings(turn->mem, data, &count) : NULL;
	for (size_t i = 0; names && i < count; i++)
		if (practice_json_state(turn->site->root, names[i]) != SERVICE_UNKNOWN &&
			!mail_turn_running(turn, names[i]))
			return false;
	return true;
}

/* The account that Exchange's directory knows is the one it runs under itself. */
static bool account_right(struct mail_turn *turn)
{
	const char *own = mail_turn_text(turn, INTERCHANGE, "ObjectName"),
		   *directory = mail_turn_text(turn, "MSExchangeDS", "ObjectName");

	return own && !text_equal(own, "LocalSystem") && (!directory || text_equal(own, directory));
}

/* The Maildata beside the Msmcon\Bin that the Interchange's program lies in; NULL for none. */
static char *interchange_maildata(struct mail_turn *turn)
{
	const char *image = mail_turn_text(turn, INTERCHANGE, "ImagePath");
	size_t count = 0;
	struct path_span *spans = image
		? path_spans(turn->mem, image, PATH_COMMAND, turn->server->id.nt_folder, &count)
		: NULL;
	bool found = false;
	struct error err;

	if (!spans || count == 0 || !spans[0].full ||
		turn->server->ops->file_stat(turn->server, turn->mem, spans[0].full, &found, NULL,
			NULL, &err) < 0 ||
		!found || path_parts(spans[0].full) < 3)
		return NULL;
	return path_join(turn->mem, path_parent(turn->mem, path_parent(turn->mem, spans[0].full)),
		"maildata");
}

static void interchange_open(struct mail_turn *turn)
{
	char *path = NULL;

	if (!mail_turn_running(turn, INTERCHANGE)) {
		turn->mail->refused = false;
		return;
	}
	if (!depends_run(turn, INTERCHANGE))
		return;
	if (account_right(turn)) {
		path = interchange_maildata(turn);
	} else if (!turn->mail->refused) {
		/* Q164177: it runs on, and delivers nothing. */
		turn->mail->refused = true;
		mail_turn_event(turn,
			&(struct practice_event){ .id = 0xc0000000u | 2410,
				.type = EVT_ERROR,
				.category = 5,
				.strings = { "0x105" } });
	}
	if (path)
		turn->interchange =
			maildata_open(turn->mail->root, turn->mail->mail, turn->server, path);
}

static void share_open(struct mail_turn *turn)
{
	struct share *share = NULL;
	struct error err;

	if (mail_turn_running(turn, "LanmanServer") &&
		turn->server->ops->share_get(turn->server, turn->mem, "Maildat$", &share, &err) ==
			0 &&
		share && path_normal(turn->mem, share->path))
		turn->share = maildata_open(turn->mail->root, turn->mail->mail, turn->server,
			path_normal(turn->mem, share->path));
}

/* ---- One step ---- */

int practice_mail_step(struct practice_mail *mail, int64_t now, bool *moved, struct error *err)
{
	struct mail_turn turn = { .mem = talloc_new(NULL),
		.mail = mail,
		.interchange.at = -1,
		.share.at = -1 };
	int ret = turn.mem ? mail_turn_begin(&turn, now, err) : error_memory(err);

	if (ret == 0) {
		interchange_open(&turn);
		share_open(&turn);
		for (size_t i = 0; i < turn.site->route_count; i++)
			mail_hop_pcmta(&turn, i);
		mail_hop_interchange(&turn);
		mail_hop_submit(&turn);
	}
	*moved = turn.moved;
	maildata_close(&turn.interchange);
	maildata_close(&turn.share);
	talloc_free(turn.mem);
	return ret;
}

static int mail_close(struct practice_mail *mail)
{
	struct mail_turn turn = { .mem = talloc_new(NULL), .mail = mail };
	struct error err;

	if (mail->events && turn.mem && mail_turn_begin(&turn, time(NULL), &err) == 0)
		mail_turn_log(&turn, NULL);
	talloc_free(turn.mem);
	file_shut(mail->mail);
	file_shut(mail->root);
	return 0;
}

int practice_mail_open(TALLOC_CTX *mem, const char *dir, struct practice_mail **out,
	struct error *err)
{
	struct practice_mail *mail = talloc_zero(mem, struct practice_mail);
	struct mail_site *site;
	int ret = mail ? 0 : error_memory(err);

	*out = NULL;
	if (ret < 0)
		return ret;
	mail->root = mail->mail = -1;
	talloc_set_destructor(mail, mail_close);
	mail->dir = talloc_strdup(mail, dir);
	ret = mail->dir ? mail_site_load(mail, dir, &site, err) : error_memory(err);
	if (ret == 0)
		ret = mail_store_open(site, dir, &mail->root, &mail->mail, err);
	if (ret < 0) {
		talloc_free(mail);
		return ret;
	}
	talloc_free(site);
	*out = mail;
	return 0;
}
