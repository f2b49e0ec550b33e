/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Open files. */
#include <fcntl.h>
#include <sys/stat.h>

#include <libsmbclient.h>

#include "base/memory.h"
#include "helpers/smb.h"

/* One call to libsmbclient moves so many bytes at most; one frame some more. */
enum { BLOCK = 256 * 1024, READ_MOST = FRAME_LIMIT / 2, HANDLES = 1 << 20 };

static int open_asked(const char *url, bool create, int *file, uint64_t *size)
{
	struct stat status = { 0 };
	int flags = create ? O_WRONLY | O_CREAT | O_EXCL : O_RDONLY, sys = 0;

	errno = 0;
	*file = smbc_open(url, flags, 0644);
	if (*file < 0)
		return files_errno();
	if (!create && smbc_fstat(*file, &status) != 0) {
		sys = files_errno();
		(void)smbc_close(*file);
	}
	*size = (uint64_t)status.st_size;
	return sys;
}

static void answer_open(struct helper *helper, const struct frame *request,
	struct frame_reader *body)
{
	TALLOC_CTX *tmp = talloc_new(helper);
	bool create = request->verb == FRAME_CREATE;
	char *url = files_url(helper, tmp, body);
	struct frame_writer answer;
	uint64_t size = 0;
	int file, sys;

	if (!url || !frame_done(body)) {
		talk_refuse(helper, request, "no such path");
	} else if ((sys = open_asked(url, create, &file, &size)) != 0) {
		talk_errno(helper, request, sys);
	} else {
		frame_begin(&answer, helper);
		frame_put32(&answer, (uint32_t)file);
		if (!create)
			frame_put64(&answer, size);
		talk_answer(helper, request, FRAME_DONE, 0, &answer);
	}
	talloc_free(tmp);
}

static int read_asked(int file, off_t offset, uint8_t *bytes, size_t len, size_t *got)
{
	ssize_t more = 1;

	*got = 0;
	errno = 0;
	if (smbc_lseek(file, offset, SEEK_SET) < 0)
		return files_errno();
	while (*got < len && more > 0) {
		more = smbc_read(file, bytes + *got, len - *got < BLOCK ? len - *got : BLOCK);
		if (more > 0)
			*got += (size_t)more;
	}
	return more < 0 ? files_errno() : 0;
}

static void answer_read(struct helper *helper, const struct frame *request, int file,
	uint64_t offset, uint32_t len)
{
	uint8_t *bytes = memory_array(helper, 1, len);
	struct frame_writer answer;
	size_t got = 0;
	int sys = bytes ? read_asked(file, (off_t)offset, bytes, len, &got) : ENOMEM;

	if (sys != 0) {
		talk_errno(helper, request, sys);
	} else {
		frame_begin(&answer, helper);
		frame_put_bytes(&answer, bytes, got);
		talk_answer(helper, request, FRAME_DONE, 0, &answer);
	}
	talloc_free(bytes);
}

static int write_asked(int file, off_t offset, const uint8_t *bytes, size_t len)
{
	errno = 0;
	if (smbc_lseek(file, offset, SEEK_SET) < 0)
		return files_errno();
	while (len > 0) {
		ssize_t sent = smbc_write(file, bytes, len < BLOCK ? len : BLOCK);

		if (sent <= 0)
			return files_errno();
		bytes += sent;
		len -= (size_t)sent;
	}
	return 0;
}

void handles_verb(struct helper *helper, const struct frame *request, struct frame_reader *body)
{
	bool opens = request->verb == FRAME_OPEN || request->verb == FRAME_CREATE;
	uint32_t file = opens ? 0 : frame_get32(body), want;
	uint64_t offset =
		request->verb == FRAME_READ || request->verb == FRAME_WRITE ? frame_get64(body) : 0;
	const uint8_t *bytes;
	size_t len;

	if (body->bad || file > HANDLES || offset > INT64_MAX) {
		talk_refuse(helper, request, "no such file");
	} else if (opens) {
		answer_open(helper, request, body);
	} else if (request->verb == FRAME_READ) {
		want = frame_get32(body);
		if (frame_done(body) && want <= READ_MOST)
			answer_read(helper, request, (int)file, offset, want);
		else
			talk_refuse(helper, request, "too much to read");
	} else if (request->verb == FRAME_WRITE) {
		bytes = frame_get_bytes(body, &len);
		if (frame_done(body))
			talk_errno(helper, request,
				write_asked((int)file, (off_t)offset, bytes, len));
		else
			talk_refuse(helper, request, "nothing to write");
	} else {
		errno = 0;
		talk_errno(helper, request, smbc_close((int)file) == 0 ? 0 : files_errno());
	}
}
