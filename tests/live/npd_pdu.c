/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "npd.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/memory.h"

enum { FIRST = 1, LAST = 2, PART = 4200 };

bool bytes_read(int fd, void *bytes, size_t len)
{
	size_t got = 0;

	while (got < len) {
		const ssize_t n = read(fd, (uint8_t *)bytes + got, len - got);

		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		if (n > 0)
			got += (size_t)n;
	}
	return true;
}

bool bytes_write(int fd, const void *bytes, size_t len)
{
	size_t done = 0;

	while (done < len) {
		const ssize_t n = send(fd, (const uint8_t *)bytes + done, len - done, MSG_NOSIGNAL);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			done += (size_t)n;
	}
	return true;
}

/* Adds the next PDU; its first byte, NULL at the end. */
static const uint8_t *part_read(struct message *message, int fd, size_t *len)
{
	uint8_t head[2];
	size_t at = message->raw_len + sizeof head;

	if (!bytes_read(fd, head, sizeof head))
		return NULL;
	*len = get16(head);
	message->raw = memory_array_grow(message, message->raw, 1, at + *len);
	memcpy(message->raw + message->raw_len, head, sizeof head);
	message->raw_len = at + *len;
	if (*len < PDU_HEAD - 8 || !bytes_read(fd, message->raw + at, *len))
		return NULL;
	return message->raw + at;
}

/* The head of the first PDU; whether there is a stub behind it. */
static bool head_read(struct message *message, const uint8_t *pdu, size_t len)
{
	message->type = pdu[2];
	message->secured = get16(pdu + 10) > 0;
	message->call = get32(pdu + 12);
	if ((message->type != PDU_REQUEST && message->type != PDU_RESPONSE) || len < PDU_HEAD)
		return false;
	message->context = get16(pdu + 20);
	message->opnum = get16(pdu + 22);
	return true;
}

struct message *message_read(TALLOC_CTX *mem, int fd)
{
	struct message *message = talloc_zero(mem, struct message);
	const uint8_t *pdu;
	size_t len;

	for (bool first = true, last = false; !last; first = false) {
		pdu = part_read(message, fd, &len);
		if (!pdu || (first && !head_read(message, pdu, len)))
			return pdu ? message : NULL;
		last = pdu[3] & LAST;
		if (len < PDU_HEAD)
			return NULL;
		message->stub = memory_array_grow(message, message->stub, 1,
			message->stub_len + len - PDU_HEAD + 1);
		memcpy(message->stub + message->stub_len, pdu + PDU_HEAD, len - PDU_HEAD);
		message->stub_len += len - PDU_HEAD;
	}
	return message;
}

bool message_pass(int fd, const struct message *message)
{
	return bytes_write(fd, message->raw, message->raw_len);
}

bool message_part(int fd, const struct message *request, const uint8_t *stub, size_t len,
	uint8_t flags, size_t claims)
{
	uint8_t head[2 + PDU_HEAD] = { 0, 0, 5, 0, PDU_RESPONSE, flags, 0x10 };

	put16(head, (uint32_t)(PDU_HEAD + len));
	put16(head + 10, (uint32_t)claims);
	put32(head + 14, request->call);
	put32(head + 18, (uint32_t)len);
	put16(head + 22, request->context);
	return bytes_write(fd, head, sizeof head) && bytes_write(fd, stub, len);
}

bool message_answer(int fd, const struct message *request, const uint8_t *stub, size_t len)
{
	size_t at = 0;

	do {
		const size_t part = len - at > PART ? PART : len - at;
		const uint8_t flags =
			(uint8_t)((at == 0 ? FIRST : 0) | (at + part == len ? LAST : 0));

		if (!message_part(fd, request, stub + at, part, flags, PDU_HEAD + part))
			return false;
		at += part;
	} while (at < len);
	return true;
}
