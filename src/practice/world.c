/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The world that a seed describes: names, versions and the order of events. */
#include <string.h>

#include "base/text.h"
#include "practice/parts.h"

#define DAY INT64_C(86400)

static const char *const SERVERS[] = { "LAB07", "EXCH02", "POSTBOX", "NTMAIL", "HQMSG1", "ZEPHYR",
	"MAIL1", "COURIER3" };
static const char *const DOMAINS[] = { "LAB", "HARBOUR", "NORTHERN", "DEPOT", "FERRY", "MUSEUM" };
static const char *const ORGANIZATIONS[] = { "Harbour Works", "Northern Ferries", "Lamp and Wick",
	"Paper Mill", "City Museum" };
static const char *const SITES[] = { "Headquarters", "Quayside", "East Yard", "Main Office" };
static const char *const ACCOUNTS[] = { "EXSERVICE", "svcexch", "ExchangeSvc" };
static const char *const OWNERS[] = { "Mail room", "Computer centre", "Data services" };

static const struct practice_person PEOPLE[] = {
	{ "ADMIN", "Mail Administrator" },
	{ "HJONES", "Helen Jones" },
	{ "MLARSEN", "Mette Larsen" },
	{ "PKERR", "Peter Kerr" },
	{ "TOKADA", "Tomoko Okada" },
	{ "RSINGH", "Ravi Singh" },
	{ "ABERG", "Anna Berg" },
	{ "JDUPONT", "Jean Dupont" },
	{ "CMORENO", "Carla Moreno" },
	{ "WFISCHER", "Werner Fischer" },
	{ "LNOVAK", "Lenka Novak" },
	{ "DOBRIEN", "Dermot O'Brien" },
	{ "SKHAN", "Samira Khan" },
	{ "GROSSI", "Giulia Rossi" },
	{ "BVISSER", "Bram Visser" },
};

/* Up to 30 characters, letters and blanks: what the Administrator program takes for a PC MTA. */
static const char *const LAN_MTAS[] = { "Harbour Office", "Post for Oslo and Bergen", "LAN",
	"Warehouse and Workshop Offices", "MTA to Vancouver PO", "Ground Floor MTA" };
static const char *const X25_MTAS[] = { "Ferry Terminal Line", "X MTA", "Night Line to the Islands",
	"Legacy Mail Connector", "MTA for Branch Offices" };

/* Network, postoffice, file server, share. */
static const struct practice_postoffice POSTOFFICES[] = {
	{ "NET1", "PO1", "NWSRV1", "MAILPO1", 0 },
	{ "ISLANDS", "FERRY", "TERMINAL", "MAILDATA", 0 },
	{ "WEST", "VANPO", "VANSRV", "VANMAIL", 0 },
	{ "BRANCH", "EASTPO", "EAST01", "EASTMAIL", 0 },
	{ "NET1", "PO2", "NWSRV2", "MAILPO2", 0 },
	{ "DEPOT", "STORES", "DEPOT1", "POST", 0 },
};

/* Server, store and MTA builds: Q158530, Q243604, Q163294. */
static const struct practice_release RTM = { "5.5", 1960, 6, 3 };
static const struct practice_release SERVICE_PACKS[] = {
	{ "Service Pack 1", 2232, 11, 18 },
	{ "Service Pack 2", 2448, 8, 1 },
};

#define PICK(world, label, table) ((table)[practice_draw((world)->seed, label, ARRAY_SIZE(table))])

/* From the first evening an administrator could have had service pack 1 to the end of 2000. */
static void times_make(struct practice_world *world)
{
	const int64_t first = 905126400; /* 1998-09-07 */
	const int64_t seed_day = (int64_t)practice_draw(world->seed, "service pack day", 812);
	struct practice_times *t = &world->times;

	t->service_pack = first + seed_day * DAY + 22 * 3600 +
		2 * (int64_t)practice_draw(world->seed, "minute", 1500);
	t->service_pack_end = t->service_pack + 24 * 60 + 10;
	t->hive = t->service_pack_end + 11 * 60 + 4;
	t->last_mail = t->service_pack -
		2 * (150 + (int64_t)practice_draw(world->seed, "last mail", 1200));
	t->nt = t->service_pack - DAY * (180 + (int64_t)practice_draw(world->seed, "age", 60)) -
		9 * 3600;
	t->exchange = t->nt + 3 * DAY + 3600;
	t->moved =
		t->exchange + DAY * (40 + (int64_t)practice_draw(world->seed, "moved", 50)) + 1800;
	t->hotfix = t->moved + 20 * DAY + 5400;
	t->rtm_files = t->nt - 60 * DAY;
	t->pack_files = t->service_pack - 45 * DAY;
}

/* Service pack 2 came out at the end of 1998. */
static void release_pick(struct practice_world *world)
{
	const int64_t february_1999 = 917827200;
	uint64_t pack = practice_draw(world->seed, "service pack", 3) == 1 ? 0 : 1;

	if (world->times.service_pack < february_1999)
		pack = 0;
	world->base = &RTM;
	world->release = &SERVICE_PACKS[pack];
}

static void postoffices_make(struct practice_world *world)
{
	world->po_count = (size_t)(3 +
		practice_draw(world->seed, "postoffices", ARRAY_SIZE(POSTOFFICES) - 2));
	for (size_t i = 0; i < world->po_count; i++) {
		world->po[i] = POSTOFFICES[i];
		world->po[i].pcmta = (unsigned)(i % PRACTICE_PCMTAS);
	}
}

/* The article says "most" of the entries: two of the eleven stay as they were. */
static void entries_make(struct practice_world *world)
{
	world->right[0] = (unsigned)practice_draw(world->seed, "right entry", 11);
	world->right[1] = (unsigned)((world->right[0] + 1 +
					     practice_draw(world->seed, "other right entry", 10)) %
		11);
	world->quoted = practice_draw(world->seed, "quoted", 3) == 0;
	world->listed = practice_draw(world->seed, "listed", 3) == 0;
}

static void people_make(struct practice_world *world)
{
	world->server = PICK(world, "server", SERVERS);
	world->domain = PICK(world, "domain", DOMAINS);
	world->organization = PICK(world, "organization", ORGANIZATIONS);
	world->site = PICK(world, "site", SITES);
	world->account = PICK(world, "account", ACCOUNTS);
	world->owner = PICK(world, "owner", OWNERS);
	world->pcmta[0] = PICK(world, "lan mta", LAN_MTAS);
	world->pcmta[1] = PICK(world, "x25 mta", X25_MTAS);
	world->csd_version =
		practice_draw(world->seed, "csd", 2) ? "Service Pack 4" : "Service Pack 3";
	world->product_type =
		practice_draw(world->seed, "product type", 3) ? "ServerNT" : "LanmanNT";
	for (size_t i = 0; i < ARRAY_SIZE(world->domain_sid); i++) {
		char label[] = { 's', 'i', 'd', (char)('0' + i), '\0' };

		world->domain_sid[i] =
			(uint32_t)(1 + practice_draw(world->seed, label, 0x7ffffffe));
	}
}

const struct practice_person *practice_person(const struct practice_world *world, size_t index)
{
	return &PEOPLE[(practice_draw(world->seed, "people", ARRAY_SIZE(PEOPLE)) + index) %
		ARRAY_SIZE(PEOPLE)];
}

/* The letters of a name's first word, at most ten, as MS Mail takes them. */
static char *mail_name(TALLOC_CTX *mem, const char *text)
{
	char *name = talloc_strndup(mem, text, strcspn(text, " ") < 10 ? strcspn(text, " ") : 10);

	for (char *p = name; p && *p; p++)
		*p = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
	return name;
}

static int exchange_make(TALLOC_CTX *mem, struct practice_world *world, struct error *err)
{
	char *network = mail_name(mem, world->organization),
	     *postoffice = mail_name(mem, world->site);

	world->dn = talloc_asprintf(mem, "/o=%s/ou=%s", world->organization, world->site);
	world->exchange =
		network && postoffice ? talloc_asprintf(mem, "%s/%s", network, postoffice) : NULL;
	return world->dn && world->exchange ? 0 : error_memory(err);
}

/* ---- What a case changes ---- */

const struct practice_edit *practice_edit_find(const struct practice_world *world,
	enum practice_op op, unsigned where, const char *path)
{
	for (size_t i = world->edit_count; i-- > 0;) {
		const struct practice_edit *edit = &world->edits[i];
		const bool here = edit->where == 0 || (edit->where & where) != 0;

		if (edit->op == op && here &&
			(!path || !edit->path || text_equal(edit->path, path)))
			return edit;
	}
	return NULL;
}

/* "E:\\exchsrvr" as the root above connect\\msmcon, for the registry and for the disk. */
static int relocated_set(TALLOC_CTX *mem, struct practice_world *world, const char *root,
	struct error *err)
{
	world->relocated = talloc_asprintf(mem, "%s\\connect\\msmcon", root);
	world->relocated_dir = talloc_asprintf(mem, "%c/%s/connect/msmcon", root[0], root + 3);
	return world->relocated && world->relocated_dir ? 0 : error_memory(err);
}

/* Names that the case gives, and the control set of the next start. */
static int edits_apply(TALLOC_CTX *mem, struct practice_world *world, struct error *err)
{
	const char *root = "E:\\exchsrvr";

	world->set_default = 1;
	for (size_t i = 0; i < world->edit_count; i++) {
		const struct practice_edit *edit = &world->edits[i];

		if (edit->op == PRACTICE_SELECT && strcmp(edit->name, "Default") == 0)
			world->set_default = (uint32_t)edit->number;
		if (edit->op != PRACTICE_NAME)
			continue;
		if (strcmp(edit->name, "lan") == 0)
			world->pcmta[0] = edit->text;
		else if (strcmp(edit->name, "x25") == 0)
			world->pcmta[1] = edit->text;
		else
			root = edit->text;
	}
	return relocated_set(mem, world, root, err);
}

int practice_world_make(TALLOC_CTX *mem, const struct practice_spec *spec,
	struct practice_world *world, struct error *err)
{
	memset(world, 0, sizeof(*world));
	world->seed = spec->seed;
	world->flags = spec->flags;
	world->edits = spec->edits;
	world->edit_count = spec->edit_count;
	people_make(world);
	times_make(world);
	release_pick(world);
	postoffices_make(world);
	entries_make(world);
	world->product_id = talloc_asprintf(mem, "50370-%03u-%07u-%05u",
		(unsigned)practice_draw(spec->seed, "pid a", 1000),
		(unsigned)practice_draw(spec->seed, "pid b", 10000000),
		(unsigned)practice_draw(spec->seed, "pid c", 100000));
	if (!world->product_id || exchange_make(mem, world, err) < 0)
		return error_memory(err);
	return edits_apply(mem, world, err);
}

bool practice_broken(const struct practice_world *world)
{
	return (world->flags & (PRACTICE_VALUES_DEFAULT | PRACTICE_SHARE_GONE)) != 0;
}

int64_t practice_last_mail(const struct practice_world *world)
{
	return practice_broken(world) ? world->times.last_mail : world->times.hive + 2 * 3600;
}

int practice_text(TALLOC_CTX *mem, const struct practice_spec *spec, const char *text, char **out,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct practice_world world;
	int ret = practice_world_make(tmp, spec, &world, err);

	*out = ret == 0 ? practice_expand(mem, &world, text) : NULL;
	talloc_free(tmp);
	return ret == 0 && !*out ? error_memory(err) : ret;
}

/* What a name in braces stands for; NULL if it is none of ours. */
static const char *world_word(const struct practice_world *world, const char *name, size_t len)
{
	const struct {
		const char *name, *text;
	} words[] = {
		{ "server", world->server },
		{ "domain", world->domain },
		{ "account", world->account },
		{ "owner", world->owner },
		{ "org", world->organization },
		{ "site", world->site },
		{ "lan", world->pcmta[0] },
		{ "x25", world->pcmta[1] },
		{ "product", world->product_id },
		{ "type", world->product_type },
		{ "csd", world->csd_version },
		{ "default", PRACTICE_DEFAULT_MSMCON },
		{ "relocated", world->relocated },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i].name) == len && memcmp(words[i].name, name, len) == 0)
			return words[i].text;
	return NULL;
}

char *practice_expand(TALLOC_CTX *mem, const struct practice_world *world, const char *text)
{
	char *out = talloc_strdup(mem, "");

	while (out && *text) {
		size_t plain = strcspn(text, "{");
		const char *end = strchr(text + plain, '}');
		const char *word = end
			? world_word(world, text + plain + 1, (size_t)(end - text) - plain - 1)
			: NULL;

		if (!word)
			return talloc_strdup_append(out, text);
		out = talloc_strndup_append(out, text, plain);
		out = out ? talloc_strdup_append(out, word) : NULL;
		text = end + 1;
	}
	return out;
}
