/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a practice server but for registry and postoffice: Windows NT, Exchange, and the two
 * Bin folders of the connector. */
#include <stdio.h>
#include <string.h>

#include "practice/parts.h"

/* ---- The connector's Bin (doc/domain.md 5), without AppleTalk ---- */

enum bin_side { BOTH, ONLY_SETUP, ONLY_RELOCATED };

struct bin_file {
	const char *name;
	size_t size;
	enum bin_side side;
};

/* Of another maker: no service pack installs it again. */
#define EICON_FILE "X25ntm9.dll"

static const struct bin_file BIN[] = {
	{ "Mt.exe", 412000, BOTH },
	{ "Mtmsg.dll", 61000, BOTH },
	{ "Mtperf.dll", 25000, BOTH },
	{ "Async.exe", 338000, BOTH },
	{ "X25eicon.exe", 297000, BOTH },
	{ "Xtnmsg.dll", 54000, BOTH },
	{ "Xtnperf.dll", 23000, BOTH },
	{ EICON_FILE, 47000, BOTH },
	{ "Address.dll", 157000, BOTH },
	{ "Conadmin.dll", 248000, ONLY_SETUP },
	{ "X400omv1.dll", 131000, ONLY_RELOCATED },
};

struct bin_text {
	const char *name, *text, *more;
};

/* Names of the counters; a service pack adds one to those of the PC MTAs. */
static const struct bin_text BIN_TEXTS[] = {
	{ "Mtperf.ini", "[info]\r\ndrivername=MSExchangeMSMI\r\nsymbolfile=mtperf.h\r\n", "" },
	{ "Mtperf.h", "#define MTOBJECT 0\r\n#define MTSENT 2\r\n#define MTRECV 4\r\n", "" },
	{ "Xtnperf.ini", "[info]\r\ndrivername=MSExchangePCMTA\r\nsymbolfile=xtnperf.h\r\n",
		"\r\n[text]\r\nXTNLATE_009_NAME=Messages late\r\n" },
	{ "Xtnperf.h", "#define XTNOBJECT 0\r\n#define XTNOUT 2\r\n#define XTNIN 4\r\n",
		"#define XTNLATE 6\r\n" },
};

/* One of the two Bin folders. */
struct bin_folder {
	struct practice_tree *tree;
	const struct practice_world *world;
	const char *path;
	bool relocated; /* its names are in lower case, as a copy by an old tool leaves them */
	bool old;       /* files from before the service pack */
};

static const struct practice_edit *bin_edit(const struct bin_folder *folder, enum practice_op op,
	const char *name)
{
	return practice_edit_find(folder->world, op,
		folder->relocated ? PRACTICE_ON_RELOCATED : PRACTICE_ON_DEFAULT, name);
}

static char *bin_path(const struct bin_folder *folder, const char *name)
{
	char *path = talloc_asprintf(folder->tree, "%s/%s", folder->path, name);

	for (char *p = path && folder->relocated ? strrchr(path, '/') : NULL; p && *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return path;
}

static struct pe_version bin_version(const struct bin_folder *folder, const char *name)
{
	const struct practice_world *world = folder->world;
	const struct practice_edit *edit = bin_edit(folder, PRACTICE_FILE_VERSION, name);

	struct pe_version version;

	if (edit && pe_version_parse(edit->text, &version))
		return version;
	if (strcmp(name, EICON_FILE) == 0)
		return (struct pe_version){ { 3, 2, 11, 0 } };
	if (folder->relocated && (world->flags & PRACTICE_HOTFIX) && strcmp(name, "Async.exe") == 0)
		return (struct pe_version){ { 5, 5, 2652, 36 } }; /* Q269183 */
	if (folder->old)
		return (struct pe_version){ { 5, 5, world->base->build,
			(uint16_t)(3 + practice_draw(0, name, 7)) } };
	return (struct pe_version){ { 5, 5, world->release->build, 0 } };
}

static bool bin_here(const struct bin_folder *folder, const struct bin_file *file)
{
	if (bin_edit(folder, PRACTICE_FILE_DROP, file->name))
		return false;
	if (!(folder->world->flags & PRACTICE_BIN_OLD))
		return file->side != ONLY_RELOCATED;
	return file->side == BOTH || (file->side == ONLY_RELOCATED) == folder->relocated;
}

static int64_t bin_time(const struct practice_world *world, const char *name,
	const struct pe_version *version)
{
	const struct practice_times *t = &world->times;

	if (version->part[2] > world->release->build)
		return t->hotfix - 10 * 86400;
	if (strcmp(name, EICON_FILE) == 0 || version->part[2] == world->base->build)
		return t->rtm_files;
	return t->pack_files;
}

static void pe_file(struct practice_tree *tree, const char *path, const struct practice_pe *spec,
	mode_t mode)
{
	struct practice_buf buf = practice_pe(tree, spec);

	practice_buf_file(tree, path, &buf, spec->built, mode);
}

static void bin_texts(const struct bin_folder *folder)
{
	const struct practice_times *times = &folder->world->times;
	char text[2048];

	for (size_t i = 0; i < ARRAY_SIZE(BIN_TEXTS); i++) {
		const struct bin_text *file = &BIN_TEXTS[i];
		const bool old = folder->old || file->more[0] == '\0';
		int len = snprintf(text, sizeof(text), "%s%s", file->text, old ? "" : file->more);

		if (!bin_edit(folder, PRACTICE_FILE_DROP, file->name))
			practice_file(folder->tree, bin_path(folder, file->name), text, (size_t)len,
				old ? times->rtm_files : times->pack_files, 0644);
	}
}

static void bin_files(const struct bin_folder *folder, int64_t time)
{
	practice_folder(folder->tree, folder->path, time);
	for (size_t i = 0; i < ARRAY_SIZE(BIN); i++) {
		const struct pe_version version = bin_version(folder, BIN[i].name);
		const struct practice_pe spec = {
			.name = BIN[i].name,
			.version = version,
			.built = bin_time(folder->world, BIN[i].name, &version),
			.size = BIN[i].size +
				512 * (size_t)practice_draw(version.part[2], BIN[i].name, 16),
		};

		if (bin_here(folder, &BIN[i]))
			pe_file(folder->tree, bin_path(folder, BIN[i].name), &spec,
				bin_edit(folder, PRACTICE_FILE_READ_ONLY, BIN[i].name) ? 0444
										       : 0644);
	}
	bin_texts(folder);
}

/* Files that only a case brings: into a Bin, or below the server's folder. */
static void files_added(const struct bin_folder *setup, const struct bin_folder *relocated)
{
	const struct practice_world *world = setup->world;

	for (size_t i = 0; i < world->edit_count; i++) {
		const struct practice_edit *edit = &world->edits[i];
		const char *path = edit->path, *leaf = path ? strrchr(path, '/') : NULL;
		struct practice_pe spec = {
			.name = leaf ? leaf + 1 : path,
			.built = world->times.rtm_files,
			.size = (size_t)edit->number,
		};

		if (edit->op != PRACTICE_FILE_ADD || !pe_version_parse(edit->text, &spec.version))
			continue;
		if (edit->where)
			path = bin_path(edit->where & PRACTICE_ON_RELOCATED ? relocated : setup,
				path);
		pe_file(setup->tree, path, &spec, 0644);
	}
}

/* ---- Exchange ---- */

enum numbered { BUILD, STORE_BUILD, MTA_BUILD };

struct exchange_file {
	const char *path;
	size_t size;
	enum numbered number;
};

static const struct exchange_file EXCHANGE[] = {
	{ "C/exchsrvr/BIN/Store.exe", 96000, STORE_BUILD },
	{ "C/exchsrvr/BIN/Emsmta.exe", 88000, MTA_BUILD },
	{ "C/exchsrvr/BIN/Dsamain.exe", 72000, BUILD },
	{ "C/exchsrvr/BIN/Mad.exe", 64000, BUILD },
	{ "C/exchsrvr/BIN/Dxa.exe", 56000, BUILD },
	{ "C/exchsrvr/BIN/Admin.exe", 60000, BUILD },
	{ "C/exchsrvr/BIN/Address.dll", 157000, BUILD },
	{ "C/exchsrvr/RES/Dsmsg.dll", 24000, BUILD },
	{ "C/exchsrvr/RES/Madmsg.dll", 18000, BUILD },
	{ "C/exchsrvr/RES/Mdbmsg.dll", 30000, BUILD },
	{ "C/exchsrvr/RES/Mtamsg.dll", 28000, BUILD },
	{ "C/exchsrvr/RES/Dxamsg.dll", 12000, BUILD },
	{ "C/exchsrvr/RES/Imcmsg.dll", 14000, BUILD },
	{ "C/exchsrvr/ADD-INS/MS/I386/Conadmin.dll", 248000, BUILD },
	{ "C/exchsrvr/ADDRESS/MS/I386/Pcproxy.dll", 20000, BUILD },
	{ "C/exchsrvr/CONNECT/MSFBCONN/Msfbconn.exe", 40000, BUILD },
	{ "C/exchsrvr/CONNECT/MSEXCIMC/BIN/Msexcimc.exe", 52000, BUILD },
};

static void exchange_files(struct practice_tree *tree, const struct practice_world *world)
{
	const struct practice_release *release = world->release;
	const uint16_t numbers
		[] = { [BUILD] = 0, [STORE_BUILD] = release->store, [MTA_BUILD] = release->mta };

	for (size_t i = 0; i < ARRAY_SIZE(EXCHANGE); i++) {
		const struct practice_pe spec = {
			.name = strrchr(EXCHANGE[i].path, '/') + 1,
			.version = { { 5, 5, release->build, numbers[EXCHANGE[i].number] } },
			.built = world->times.pack_files,
			.size = EXCHANGE[i].size,
		};

		pe_file(tree, EXCHANGE[i].path, &spec, 0644);
	}
}

/* One block of the setup log. */
static void log_block(struct practice_buf *buf, int64_t time, const char *what, unsigned build)
{
	const struct tm tm = practice_tm(time);
	char date[32], text[256];

	strftime(date, sizeof(date), "%m/%d/%Y %H:%M:%S", &tm);
	snprintf(text, sizeof(text),
		"[%s] %s, build %u\r\n[%s] Installation root: C:\\exchsrvr\r\n\r\n", date, what,
		build, date);
	practice_put_utf16(buf, text);
}

/* In the root of Exchange's drive, one more block with every setup (Q158545); Unicode, because
 * WordPad cannot read it (Q182518). */
static void setup_log(struct practice_tree *tree, const struct practice_world *world)
{
	struct practice_buf buf = { .mem = tree };

	practice_put16(&buf, 0xfeff);
	log_block(&buf, world->times.exchange, "Setup of Exchange Server 5.5", world->base->build);
	log_block(&buf, world->times.service_pack, world->release->name, world->release->build);
	log_block(&buf, world->times.service_pack_end, "Setup ended", world->release->build);
	practice_buf_file(tree, "C/Exchange Server Setup.log", &buf, world->times.service_pack_end,
		0644);
}

/* ---- Windows NT ---- */

static const char BOOT_INI[] =
	"[boot loader]\r\ntimeout=30\r\ndefault=multi(0)disk(0)rdisk(0)partition(1)\\WINNT\r\n[operating systems]\r\n"
	"multi(0)disk(0)rdisk(0)partition(1)\\WINNT=\"Windows NT Server Version 4.00\"\r\n"
	"multi(0)disk(0)rdisk(0)partition(1)\\WINNT=\"Windows NT Server Version 4.00 [VGA mode]\" /basevideo /sos\r\n";

static const char *const NT_FILES[] = { "ntoskrnl.exe", "hal.dll", "kernel32.dll", "netmsg.dll",
	"smss.exe", "winlogon.exe" };

static void nt_file(struct practice_tree *tree, const struct practice_world *world,
	const char *name)
{
	char *path = talloc_asprintf(tree, "C/WINNT/system32/%s", name);
	struct practice_pe spec = {
		.version = { { 4, 0, 1381,
			strcmp(world->csd_version, "Service Pack 4") == 0 ? 133 : 33 } },
		.built = world->times.nt - 200 * 86400,
		.size = 4096,
	};

	for (char *p = path; p && *p; p++)
		*p = *p == '\\' ? '/' : *p;
	spec.name = path ? strrchr(path, '/') + 1 : name;
	if (!path || !practice_tree_has(tree, path))
		pe_file(tree, path, &spec, 0644);
}

/* Every service has its program, where that is one of Windows NT's. */
static void nt_files(struct practice_tree *tree, const struct practice_world *world)
{
	static const char root[] = "System32\\";
	size_t count = 0;
	const struct practice_service *services = practice_services(&count);

	practice_file(tree, "C/boot.ini", BOOT_INI, strlen(BOOT_INI), world->times.nt, 0644);
	for (size_t i = 0; i < ARRAY_SIZE(NT_FILES); i++)
		nt_file(tree, world, NT_FILES[i]);
	for (size_t i = 0; i < count; i++) {
		const char *at = strstr(services[i].image, root);

		if (at)
			nt_file(tree, world, at + strlen(root));
	}
	practice_folder(tree, "C/WINNT/system32", world->times.exchange);
}

void practice_files(struct practice_tree *tree, const struct practice_world *world)
{
	const struct practice_times *t = &world->times;
	const bool old = (world->flags & PRACTICE_BIN_OLD) != 0;
	const struct bin_folder setup = { tree, world, "C/exchsrvr/CONNECT/MSMCON/BIN", false,
		false };
	const struct bin_folder relocated = { tree, world,
		talloc_asprintf(tree, "%s/bin", world->relocated_dir), true, old };

	practice_folder(tree, "C", t->service_pack_end);
	practice_folder(tree, "E", t->moved);
	nt_files(tree, world);
	setup_log(tree, world);
	exchange_files(tree, world);
	practice_folder(tree, "C/exchsrvr/TRACKING.LOG", t->last_mail);
	practice_folder(tree, "C/exchsrvr/CONNECT", t->service_pack);
	practice_folder(tree, "C/exchsrvr/CONNECT/MSMCON", t->service_pack);
	bin_files(&setup, t->service_pack);
	practice_folder(tree, world->relocated_dir, t->moved);
	bin_files(&relocated, old ? t->hotfix : t->service_pack_end);
	files_added(&setup, &relocated);
	if (world->flags & PRACTICE_OLD_MAILDATA)
		practice_maildata(tree, world, "C/exchsrvr/CONNECT/MSMCON/MAILDATA", false);
	practice_maildata(tree, world, talloc_asprintf(tree, "%s/maildata", world->relocated_dir),
		true);
	practice_logs(tree, world);
}
