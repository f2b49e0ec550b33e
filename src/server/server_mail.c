/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mailboxes of a server that is real: nobody but their owners looks into them. */
#include "base/i18n.h"
#include "server/server.h"

static int refused(struct error *err)
{
	return error_set(err, TROUBLE_CANNOT,
		_("This program reads and writes no mailbox of a real server. Send the message from a mail client, and look for it there."));
}

int server_mail_boxes(struct server *server, TALLOC_CTX *mem, struct mail_boxes *boxes,
	struct error *err)
{
	(void)server, (void)mem;
	*boxes = (struct mail_boxes){ 0 };
	return refused(err);
}

int server_mail_send(struct server *server, const struct mail_letter *letter, struct error *err)
{
	(void)server, (void)letter;
	return refused(err);
}

int server_mail_read(struct server *server, TALLOC_CTX *mem, const struct mail_box *box,
	struct mail_letters *letters, struct error *err)
{
	(void)server, (void)mem, (void)box;
	*letters = (struct mail_letters){ 0 };
	return refused(err);
}
