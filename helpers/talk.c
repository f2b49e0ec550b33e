/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers on the way to msmcfix. */
#include <errno.h>
#include <unistd.h>

#include "helpers/smb.h"

/* Waits until it is taken: msmcfix reads whenever it sends. */
static bool talk_write(const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		ssize_t sent = write(HELPER_FD, bytes, len);

		if (sent < 0 && errno != EINTR)
			return false;
		if (sent > 0) {
			bytes += sent;
			len -= (size_t)sent;
		}
	}
	return true;
}

void talk_answer(struct helper *helper, const struct frame *request, enum frame_status status,
	uint32_t code, struct frame_writer *body)
{
	struct frame head = { .number = request->number,
		.verb = request->verb,
		.status = (uint16_t)status,
		.code = code };
	struct frame_writer none;
	const uint8_t *bytes;
	size_t len;

	if (!body) {
		frame_begin(&none, helper);
		body = &none;
	}
	bytes = frame_pack(body, &head, &len);
	if (bytes && !talk_write(bytes, len))
		helper->over = true;
	talloc_free(body->bytes);
	if (!bytes)
		talk_refuse(helper, request, "the answer is too long");
}

void talk_refuse(struct helper *helper, const struct frame *request, const char *why)
{
	struct frame_writer body;

	frame_begin(&body, helper);
	frame_put_text(&body, why);
	if (body.failed)
		helper->over = true;
	else
		talk_answer(helper, request, FRAME_REFUSED, 0, &body);
}

void talk_errno(struct helper *helper, const struct frame *request, int sys)
{
	talk_answer(helper, request, sys == 0 ? FRAME_DONE : FRAME_ERRNO, (uint32_t)sys, NULL);
}
