/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes over the socketpair between msmcfix and its helper. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/frames.h"

/* Reads the body as shape says, a part for each two bits of it, and writes the same parts. */
static void parts_copy(TALLOC_CTX *mem, struct frame_reader *reader, uint32_t shape,
	struct frame_writer *writer)
{
	for (int part = 0; part < 16 && reader->at < reader->len && !reader->bad; part++) {
		const uint8_t *bytes;
		size_t len;

		switch (shape >> 2 * part & 3) {
		case 0:
			frame_put32(writer, frame_get32(reader));
			break;
		case 1:
			frame_put64(writer, frame_get64(reader));
			break;
		case 2:
			bytes = frame_get_bytes(reader, &len);
			frame_put_bytes(writer, bytes, len);
			break;
		default:
			frame_put_text(writer, frame_get_text(reader, mem));
		}
	}
}

/* A frame whose body was read to its end is the frame that the same parts make. */
static void round_trip(TALLOC_CTX *mem, const uint8_t *bytes, size_t whole)
{
	struct frame frame;
	struct frame_reader reader;
	struct frame_writer writer;
	const uint8_t *again;
	size_t len;

	frame_unpack(bytes, &frame);
	must(frame.body == bytes + FRAME_HEAD && frame.len == whole - FRAME_HEAD,
		"a body is what follows the head");
	frame_read(&reader, &frame);
	frame_begin(&writer, mem);
	parts_copy(mem, &reader, frame.number, &writer);
	if (!frame_done(&reader))
		return;
	again = frame_pack(&writer, &frame, &len);
	must(again && len == whole && !memcmp(again, bytes, len), "a frame comes back as it was");
}

int fuzz_frames(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const size_t whole = len < FRAME_HEAD ? 0 : frame_length(bytes);

	must(whole == 0 || (whole >= FRAME_HEAD && whole <= FRAME_LIMIT), "a frame has its limit");
	if (whole > 0 && whole <= len)
		round_trip(mem, bytes, whole);
	must(talloc_total_size(mem) <= 1024 + 8 * len, "no more is made than the bytes can hold");
	talloc_free(mem);
	return 0;
}
