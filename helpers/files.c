/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files by libsmbclient, which is told of a server by URLs and of everything else by globals. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <libsmbclient.h>

#include "base/bytes.h"
#include "base/filetime.h"
#include "base/memory.h"
#include "helpers/smb.h"

enum { SHARE_MOST = 80, PATH_MOST = 4096 };

struct files {
	SMBCCTX *context;
	char *address, *domain, *user, *password;
};

int files_errno(void)
{
	return errno ? errno : EIO;
}

/* ---- getting ready ---- */

static void login_told(SMBCCTX *context, const char *server, const char *share, char *domain,
	int domain_room, char *user, int user_room, char *password, int password_room)
{
	const struct files *files = smbc_getOptionUserData(context);

	(void)server;
	(void)share;
	snprintf(domain, (size_t)domain_room, "%s", files->domain);
	snprintf(user, (size_t)user_room, "%s", files->user);
	snprintf(password, (size_t)password_room, "%s", files->password);
}

/* What libsmbclient would read of this machine is in our folder instead; what it would write there
 * goes nowhere once that is gone. */
static bool config_write(const char *path, const char *home, enum frame_dialect dialect)
{
	static const char *const folders[] = { "lock directory", "state directory",
		"cache directory", "private dir", "pid directory" };
	FILE *file = fopen(path, "wxe");
	bool ok;

	if (!file)
		return false;
	fputs("[global]\n", file);
	for (const char *const *option = options_of(dialect); *option; option++)
		fprintf(file, "%s\n", *option);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		fprintf(file, "%s=%s\n", folders[i], home);
	ok = !ferror(file);
	return fclose(file) == 0 && ok;
}

static void context_prepare(SMBCCTX *context, struct files *files, const struct files_login *login)
{
	smbc_setDebug(context, 0);
	smbc_setOptionUserData(context, files);
	smbc_setFunctionAuthDataWithContext(context, login_told);
	smbc_setOptionUseKerberos(context, 0);
	smbc_setOptionFallbackAfterKerberos(context, 1);
	smbc_setOptionUseCCache(context, 0);
	smbc_setOptionNoAutoAnonymousLogin(context, 1);
	smbc_setOptionUrlEncodeReaddirEntries(context, 0);
	smbc_setTimeout(context, (int)login->seconds * 1000);
	smbc_setPort(context, (uint16_t)login->port);
}

/* The first context takes $HOME/.smb/smb.conf, and looks for no other where that is. */
static bool context_make(struct files *files, const struct files_login *login)
{
	char home[] = "/tmp/msmcfix-smb.XXXXXX", folder[sizeof home + 8], path[sizeof folder + 16];
	SMBCCTX *context = NULL;
	bool ok;

	if (!mkdtemp(home))
		return false;
	snprintf(folder, sizeof folder, "%s/.smb", home);
	snprintf(path, sizeof path, "%s/smb.conf", folder);
	ok = mkdir(folder, 0700) == 0 && config_write(path, home, login->dialect) &&
		setenv("HOME", home, 1) == 0 && (context = smbc_new_context());
	if (ok) {
		context_prepare(context, files, login);
		ok = smbc_init_context(context);
	}
	(void)unlink(path);
	(void)rmdir(folder);
	(void)rmdir(home);
	files->context = context;
	return ok;
}

static int files_free(struct files *files)
{
	if (files->password)
		explicit_bzero(files->password, strlen(files->password));
	return 0;
}

static bool files_login(struct files *files, const struct files_login *login)
{
	files->address = talloc_strdup(files, login->address);
	files->domain = talloc_strdup(files, login->domain);
	files->user = talloc_strdup(files, login->user);
	files->password = talloc_strdup(files, login->password);
	return files->address && files->domain && files->user && files->password;
}

int files_start(struct helper *helper, const struct files_login *login)
{
	struct files *files = talloc_zero(helper, struct files);

	if (!files || !files_login(files, login))
		return ENOMEM;
	talloc_set_destructor(files, files_free);
	errno = 0;
	if (!context_make(files, login))
		return files_errno();
	smbc_set_context(files->context);
	helper->files = files;
	return 0;
}

/* ---- paths ---- */

/* Nothing that leads elsewhere, to many files at once, or to a stream. */
static bool path_ok(const char *path)
{
	const char *name = path;

	if (strlen(path) > PATH_MOST)
		return false;
	while (*path) {
		size_t len = strcspn(name, "\\");

		if (len == 0 || (len == 1 && *name == '.') ||
			(len == 2 && memcmp(name, "..", 2) == 0))
			return false;
		for (size_t i = 0; i < len; i++)
			if ((unsigned char)name[i] < 0x20 || strchr("<>:\"/|?*", name[i]))
				return false;
		if (name[len] == '\0')
			break;
		name += len + 1;
	}
	return true;
}

/* Every byte but letters, digits and a few others as %XX; '\' as '/'. */
static char *escape(TALLOC_CTX *mem, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    "-._~$";
	static const char digits[] = "0123456789ABCDEF";
	char *out = memory_array(mem, 1, 3 * strlen(text) + 1), *at = out;

	for (; out && *text; text++) {
		if (*text == '\\') {
			*at++ = '/';
		} else if (strchr(plain, *text)) {
			*at++ = *text;
		} else {
			*at++ = '%';
			*at++ = digits[(unsigned char)*text >> 4];
			*at++ = digits[(unsigned char)*text & 15];
		}
	}
	if (out)
		*at = '\0';
	return out;
}

static char *files_url_of(struct helper *helper, TALLOC_CTX *mem, const char *share,
	const char *path)
{
	const char *address = helper->files->address;
	bool colons = strchr(address, ':');
	char *shared, *below;

	if (!*share || strlen(share) > SHARE_MOST || strchr(share, '\\') || !path_ok(share) ||
		!path_ok(path))
		return NULL;
	shared = escape(mem, share);
	below = escape(mem, path);
	return shared && below
		? talloc_asprintf(mem, "smb://%s%s%s/%s%s%s", colons ? "[" : "", address,
			  colons ? "]" : "", shared, *below ? "/" : "", below)
		: NULL;
}

char *files_url(struct helper *helper, TALLOC_CTX *mem, struct frame_reader *body)
{
	char *share = frame_get_text(body, mem), *path = frame_get_text(body, mem);

	return share && path && !body->bad ? files_url_of(helper, mem, share, path) : NULL;
}

/* ---- what the requests do: 0 or an errno ---- */

static int list_add(struct frame_writer *list, const struct libsmb_file_info *info)
{
	frame_put_text(list, info->name);
	frame_put_text(list, info->short_name);
	frame_put32(list, info->attrs);
	frame_put64(list, info->size);
	frame_put64(list,
		(uint64_t)filetime_of(info->mtime_ts.tv_sec, (uint32_t)info->mtime_ts.tv_nsec));
	return list->failed ? EOVERFLOW : 0;
}

static int do_list(const char *url, struct frame_writer *list, uint32_t *count)
{
	const struct libsmb_file_info *info;
	int folder, sys = 0;

	errno = 0;
	folder = smbc_opendir(url);
	if (folder < 0)
		return files_errno();
	errno = 0;
	sys = list->failed ? ENOMEM : 0;
	while (sys == 0 && (info = smbc_readdirplus((unsigned)folder))) {
		if (strcmp(info->name, ".") == 0 || strcmp(info->name, "..") == 0)
			continue;
		sys = list_add(list, info);
		++*count;
		errno = 0;
	}
	if (sys == 0)
		sys = errno;
	smbc_closedir(folder);
	return sys;
}

/* The count comes first, and is known last. */
static void answer_list(struct helper *helper, const struct frame *request, const char *url)
{
	struct frame_writer list;
	uint32_t count = 0;
	int sys;

	frame_begin(&list, helper);
	frame_put32(&list, 0);
	sys = do_list(url, &list, &count);
	if (sys != 0) {
		talloc_free(list.bytes);
		talk_errno(helper, request, sys);
		return;
	}
	put32(list.bytes + FRAME_HEAD, count);
	talk_answer(helper, request, FRAME_DONE, 0, &list);
}

/* Of a server that is no Samba with extensions of its own: units of f_frsize sectors of f_bsize
 * bytes. */
static uint64_t room_of(const struct statvfs *room)
{
	uint64_t unit = room->f_frsize;

	if (room->f_flag & SMBC_VFS_FEATURE_NO_UNIXCIFS)
		unit *= room->f_bsize;
	return room->f_bavail * unit;
}

static void answer_room(struct helper *helper, const struct frame *request, char *url)
{
	struct frame_writer answer;
	struct statvfs room = { 0 };

	errno = 0;
	if (smbc_statvfs(url, &room) != 0) {
		talk_errno(helper, request, files_errno());
		return;
	}
	frame_begin(&answer, helper);
	frame_put64(&answer, room_of(&room));
	talk_answer(helper, request, FRAME_DONE, 0, &answer);
}

/* libsmbclient would replace what is there by removing it first, and may be cut off in between. */
static int do_rename(const char *from, const char *to)
{
	struct stat there;

	errno = 0;
	if (smbc_stat(to, &there) == 0)
		return EEXIST;
	if (errno != ENOENT)
		return files_errno();
	errno = 0;
	return smbc_rename(from, to) == 0 ? 0 : files_errno();
}

static int do_time(const char *url, int64_t mtime)
{
	struct timespec time = filetime_timespec(mtime);
	struct timeval both[2] = { 0 };
	struct stat there;

	errno = 0;
	if (smbc_stat(url, &there) != 0)
		return files_errno();
	both[0].tv_sec = there.st_atim.tv_sec;
	both[0].tv_usec = there.st_atim.tv_nsec / 1000;
	both[1].tv_sec = time.tv_sec;
	both[1].tv_usec = time.tv_nsec / 1000;
	errno = 0;
	return smbc_utimes(url, both) == 0 ? 0 : files_errno();
}

static int do_attributes(const char *url, uint32_t attributes)
{
	char text[16];

	snprintf(text, sizeof text, "0x%x", attributes);
	errno = 0;
	return smbc_setxattr(url, "system.dos_attr.mode", text, strlen(text) + 1, 0) == 0
		? 0
		: files_errno();
}

static int done(int result)
{
	return result == 0 ? 0 : files_errno();
}

/* Those that answer nothing; -1: the request makes no sense. */
static int do_plain(enum frame_verb verb, const char *url, struct frame_reader *body)
{
	int64_t mtime = verb == FRAME_TIME ? (int64_t)frame_get64(body) : 0;
	uint32_t attributes = verb == FRAME_ATTRIBUTES ? frame_get32(body) : 0;

	if (!frame_done(body) || attributes > UINT16_MAX)
		return -1;
	errno = 0;
	switch (verb) {
	case FRAME_MKDIR:
		return done(smbc_mkdir(url, 0755));
	case FRAME_UNLINK:
		return done(smbc_unlink(url));
	case FRAME_RMDIR:
		return done(smbc_rmdir(url));
	case FRAME_TIME:
		return do_time(url, mtime);
	case FRAME_ATTRIBUTES:
		return do_attributes(url, attributes);
	default:
		return -1;
	}
}

static int rename_asked(struct helper *helper, TALLOC_CTX *tmp, struct frame_reader *body)
{
	char *share = frame_get_text(body, tmp), *from = frame_get_text(body, tmp),
	     *to = frame_get_text(body, tmp);
	bool ok = share && from && to && frame_done(body) && *from && *to;

	from = ok ? files_url_of(helper, tmp, share, from) : NULL;
	to = ok ? files_url_of(helper, tmp, share, to) : NULL;
	return from && to ? do_rename(from, to) : -1;
}

static void answer_plain(struct helper *helper, const struct frame *request, int sys)
{
	if (sys < 0)
		talk_refuse(helper, request, "no such request");
	else
		talk_errno(helper, request, sys);
}

void files_verb(struct helper *helper, const struct frame *request, struct frame_reader *body)
{
	TALLOC_CTX *tmp = talloc_new(helper);
	char *url = request->verb == FRAME_RENAME ? NULL
		: request->verb == FRAME_ROOM
		? files_url_of(helper, tmp, frame_get_text(body, tmp), "")
		: files_url(helper, tmp, body);

	if (request->verb == FRAME_RENAME)
		answer_plain(helper, request, rename_asked(helper, tmp, body));
	else if (!url)
		talk_refuse(helper, request, "no such path");
	else if (request->verb == FRAME_LIST && frame_done(body))
		answer_list(helper, request, url);
	else if (request->verb == FRAME_ROOM && frame_done(body))
		answer_room(helper, request, url);
	else
		answer_plain(helper, request, do_plain(request->verb, url, body));
	talloc_free(tmp);
}
