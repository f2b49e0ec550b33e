/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of the two postoffices lives. Moving by Q171259 copies the tree, so the default one is normally a whole old
 * copy and structure proves nothing; recency and what the share named decide, and the reasons are told (doc/domain.md 6).
 */
#include "repair/survey_internal.h"

#include <ctype.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/sharedef.h"

enum { MASTER_SIZE = 176, NAMES_LIMIT = 20 };

/* Where the files of mail are. */
struct mail_folder {
	const char *name;
	bool hashed;                       /* in sixteen subfolders (Q87378, Q87409) */
	bool is_mail;                      /* a change after the service pack means that mail came */
	bool needed;                       /* in every postoffice, also in that of a connector (Q77926, Q181951), and never empty */
};

static const struct mail_folder mail_folders[] = {
	{ "KEY", false, true, true }, { "MBG", false, true, true },  { "P1", false, true, false },
	{ "MAI", true, true, false }, { "ATT", true, true, false }, { "LOG", false, false, false },
};

/* One Maildata being looked at. */
struct tree {
	struct look *look;
	struct maildata *data;
	const char *root;
};

char *look_maildata_path(struct look *look, const char *msmcon)
{
	return path_join(look->tmp, msmcon, "Maildata");
}

static int tree_name(struct tree *tree, const char *rel)
{
	struct maildata *data = tree->data;

	if (data->after_setup++ >= NAMES_LIMIT)
		return 0;
	data->after_setup_names[data->after_setup - 1] = talloc_strdup(data->after_setup_names, rel);
	return data->after_setup_names[data->after_setup - 1] ? 0 : error_memory(tree->look->err);
}

/* FAT knows only every second one, so the grain is allowed for. */
static int tree_file(struct tree *tree, const char *rel, int64_t mtime, bool is_mail)
{
	int64_t setup = tree->look->survey->setup_time;
	struct maildata *data = tree->data;

	if (mtime > data->newest || !data->newest_file) {
		data->newest = mtime;
		talloc_free(data->newest_file);
		data->newest_file = talloc_strdup(tree->look->survey, rel);
		if (!data->newest_file)
			return error_memory(tree->look->err);
	}
	if (is_mail && setup != 0 && mtime > setup + LOOK_FAT_GRAIN_S * FILETIME_SECOND)
		return tree_name(tree, rel);
	return 0;
}

/* MAI\MA0 to MAI\MAF, ATT\AT0 to ATT\ATF */
static bool is_subfolder(const char *folder, const struct entry *entry)
{
	return entry->meta.kind == ENTRY_FOLDER && strlen(entry->name) == 3 && text_equal_n(entry->name, folder, 2) &&
	       isxdigit((unsigned char)entry->name[2]);
}

/* POPULATE.MSM is in every folder of every postoffice (Q127954). */
static int tree_folder(struct tree *tree, const char *name, bool hashed, bool is_mail)
{
	struct look *look = tree->look;
	TALLOC_CTX *tmp = talloc_new(look->tmp);
	char *path = path_join(tmp, tree->root, name);
	struct entry_list list;
	int ret = path ? look->server->ops->list(look->server, tmp, path, &list, look->err) : error_memory(look->err);

	for (size_t i = 0; ret == 0 && i < list.count; i++) {
		const struct entry *entry = &list.entries[i];
		bool below = hashed && is_subfolder(name, entry);
		char *rel = below ? talloc_asprintf(tmp, "%s\\%.2s%c", name, name, toupper((unsigned char)entry->name[2])) :
				    talloc_asprintf(tmp, "%s\\%s", name, entry->name);
		if (!rel)
			ret = error_memory(look->err);
		else if (entry->meta.kind == ENTRY_UNREADABLE)
			ret = error_set(look->err, TROUBLE_IO, _("%s\\%s cannot be examined."), look_shown(look, path),
					look_shown(look, entry->name));
		else if (below)
			ret = tree_folder(tree, rel, false, is_mail);
		else if (entry->meta.kind == ENTRY_FILE && !text_equal(entry->name, "POPULATE.MSM"))
			ret = tree_file(tree, rel, entry->meta.mtime, is_mail);
		talloc_free(rel);
	}
	talloc_free(tmp);
	return ret;
}

static int tree_mail(struct tree *tree, const struct mail_folder *folder)
{
	char *path = path_join(tree->look->tmp, tree->root, folder->name);
	bool there = false;
	int ret = path ? look_exists(tree->look, path, ENTRY_FOLDER, &there) : error_memory(tree->look->err);

	if (!there && folder->needed)
		tree->data->missing = folder->name;
	return ret == 0 && there ? tree_folder(tree, folder->name, folder->hashed, folder->is_mail) : ret;
}

static int tree_meta(struct tree *tree, const char *rel, bool *found, struct file_meta *meta)
{
	struct look *look = tree->look;
	char *path = path_join(look->tmp, tree->root, rel);
	int ret = path ? look->server->ops->look(look->server, look->tmp, path, found, meta, NULL, look->err) :
		  error_memory(look->err);

	if (ret == 0 && *found)
		*found = meta->kind == ENTRY_FILE;
	return ret;
}

static int tree_look(struct look *look, const char *msmcon, struct maildata *data)
{
	struct tree tree = { .look = look, .data = data, .root = look_maildata_path(look, msmcon) };
	struct file_meta meta;
	bool found;
	int ret;

	data->after_setup_names = memory_array_zero(look->survey, sizeof(*data->after_setup_names), NAMES_LIMIT);
	if (!tree.root || !data->after_setup_names)
		return error_memory(look->err);
	ret = look_exists(look, tree.root, ENTRY_FOLDER, &data->present);
	if (ret != 0 || !data->present)
		return ret;
	ret = tree_meta(&tree, "Glb\\Master.glb", &found, &meta);
	data->master_glb = ret == 0 && found && meta.size == MASTER_SIZE;
	if (ret == 0)
		ret = tree_meta(&tree, "Glb\\Control.glb", &found, &meta);
	if (ret == 0 && found)
		ret = tree_file(&tree, "GLB\\CONTROL.GLB", meta.mtime, false);
	for (size_t i = 0; ret == 0 && i < sizeof(mail_folders) / sizeof(mail_folders[0]); i++)
		ret = tree_mail(&tree, &mail_folders[i]);
	return ret;
}

int look_is_maildata(struct look *look, const char *maildata, bool *found)
{
	char *path = path_join(look->tmp, maildata, "Glb\\Master.glb");
	int ret = path ? look_exists(look, path, ENTRY_FILE, found) : error_memory(look->err);

	for (size_t i = 0; ret == 0 && *found && i < sizeof(mail_folders) / sizeof(mail_folders[0]); i++) {
		if (!mail_folders[i].needed)
			continue;
		path = path_join(look->tmp, maildata, mail_folders[i].name);
		ret = path ? look_exists(look, path, ENTRY_FOLDER, found) : error_memory(look->err);
	}
	return ret;
}

/* ---- which one lives ---- */

/* A sentence of reasons grows. */
static int reason(struct look *look, const char *text)
{
	struct survey *survey = look->survey;

	if (!text)
		return error_memory(look->err);
	survey->live_reasons = survey->live_reasons ? talloc_asprintf_append(survey->live_reasons, " %s", text) :
			       talloc_strdup(survey, text);
	return survey->live_reasons ? 0 : error_memory(look->err);
}

static int reason_of_tree(struct look *look, const struct maildata *data, const char *word)
{
	char *time = data->newest_file ? filetime_text(look->tmp, data->newest, false) : NULL;

	if (!data->present)
		return reason(look, talloc_asprintf(look->tmp, _("The %s Msmcon has no Maildata."), word));
	if (data->missing && reason(look, talloc_asprintf(look->tmp, _("The %s Maildata has no folder %s, so no mail moves through it."), word,
							  data->missing)) != 0)
		return error_memory(look->err);
	if (!time)
		return reason(look, talloc_asprintf(look->tmp, _("The %s Maildata has no mail files in it."), word));
	return reason(look, talloc_asprintf(look->tmp, _("The newest mail file in the %s Maildata is %s, of %s."),
					    word, look_shown(look, data->newest_file), time));
}

static enum survey_live by_recency(const struct survey *survey)
{
	const struct maildata *there = &survey->maildata_relocated, *here = &survey->maildata_default;
	const int64_t grain = LOOK_FAT_GRAIN_S * FILETIME_SECOND;

	if (!here->present || !here->newest_file)
		return there->present ? LIVE_RELOCATED : LIVE_UNCLEAR;
	if (!there->present || !there->newest_file)
		return LIVE_DEFAULT;
	if (there->newest > here->newest + grain)
		return LIVE_RELOCATED;
	return here->newest > there->newest + grain ? LIVE_DEFAULT : LIVE_UNCLEAR;
}

static enum survey_live side_of(struct look *look, const char *path)
{
	char *here = look_maildata_path(look, look->survey->default_msmcon);
	char *there = look_maildata_path(look, look->survey->relocated_msmcon);

	if (!path || !here || !there)
		return LIVE_UNCLEAR;
	return path_equal(path, here) ? LIVE_DEFAULT : path_equal(path, there) ? LIVE_RELOCATED : LIVE_UNCLEAR;
}

int look_share_side(struct look *look, const char *set, enum survey_live *side)
{
	char *key = talloc_asprintf(look->tmp, "SYSTEM\\%s\\Services\\LanmanServer\\Shares", set);
	char *path, *normal, *real = NULL;
	struct reg_data *data = NULL;
	int ret = key ? look->server->ops->reg_read(look->server, look->tmp, key, article_share_name(), &data, look->err)
		      : error_memory(look->err);

	path = ret == 0 && data ? sharedef_field(look->tmp, data, "Path") : NULL;
	normal = path ? path_normal(look->tmp, path) : NULL;
	if (normal)
		ret = look_real(look, normal, &real);
	*side = side_of(look, real ? real : normal);
	return ret;
}

bool look_is_written(const struct look *look, const char *msmcon)
{
	return msmcon && path_equal(msmcon, look->survey->relocated_msmcon);
}

/* A share that this program led there would only repeat what the program was told; what it had said before that is on record. */
static void share_heard(const struct look *look, enum survey_live side, bool before)
{
	const struct written *written = &look->options->written;
	bool ours = side == LIVE_RELOCATED && look_is_written(look, written->share);

	look->survey->share_led = ours ? written->share_led : side;
	look->survey->share_led_before = ours ? written->share_led_before : before;
}

/* What the share named: before the service pack where another control set still knows, else now. */
static int by_share(struct look *look)
{
	enum survey_live side;
	int ret = 0;

	look->survey->share_led = LIVE_UNCLEAR;
	for (size_t i = 0; ret == 0 && i < look->other_count && look->survey->share_led == LIVE_UNCLEAR; i++) {
		ret = look_share_side(look, look->other_sets[i], &side);
		share_heard(look, side, true);
	}
	if (ret == 0 && look->survey->share_led == LIVE_UNCLEAR)
		share_heard(look, side_of(look, look->share_long), false);
	return ret;
}

/* Setup takes the connector for where its own key says; it is where Exchange was installed. */
static bool key_agrees(const struct look *look)
{
	char *root = path_join(look->tmp, look->survey->exchange_root, article_msmcon_below_root());

	return root && path_equal(root, look->survey->default_msmcon);
}

/* Each witness has a vote: the newest mail, the share, setup's key. The share may lead to the default one now by the very fault, so that is
 * silence, as are equal times. What has no Maildata cannot live, nor does one that mail cannot move through. */
static enum survey_live weigh(const struct look *look, enum survey_live recency)
{
	const struct survey *survey = look->survey;
	const struct maildata *here = &survey->maildata_default, *there = &survey->maildata_relocated;
	bool relocated = recency == LIVE_RELOCATED || survey->share_led == LIVE_RELOCATED;
	bool other = recency == LIVE_DEFAULT || (survey->share_led_before && survey->share_led == LIVE_DEFAULT) || !key_agrees(look) ||
		     here->after_setup || there->missing;

	if (!here->present)
		return there->missing ? LIVE_UNCLEAR : recency;
	return relocated == other ? LIVE_UNCLEAR : relocated ? LIVE_RELOCATED : LIVE_DEFAULT;
}

static int witness_reasons(struct look *look)
{
	const enum survey_live share = look->survey->share_led;
	const struct {
		bool so;
		const char *text;
	} reasons[] = {
		{ share == LIVE_DEFAULT, _("The share Maildat$ led to the default one.") },
		{ share == LIVE_RELOCATED, _("The share Maildat$ led to the relocated one.") },
		{ look->survey->maildata_default.after_setup, _("Mail came into the default one after the service pack.") },
		{ look->relocated_named && !look_is_written(look, look->options->written.values), _("The registry still names the relocated one.") },
		{ !key_agrees(look), _("Setup's key names a different folder for the connector than for Exchange.") },
	};
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].so)
			ret = reason(look, reasons[i].text);
	return ret;
}

/* Without P1 mail stops in one direction (Q266442); a copy made by hand may well have lost an empty folder. */
static int p1_notice(struct look *look)
{
	char *path = path_join(look->tmp, look->survey->relocated_msmcon, "Maildata\\P1");
	bool there = false;
	int ret = path ? look_exists(look, path, ENTRY_FOLDER, &there) : error_memory(look->err);

	if (ret != 0 || there || !look->survey->maildata_relocated.present)
		return ret;
	return look_notice(look, "no-p1",
			   _("The relocated Maildata has no folder P1. "
			     "Without it, mail from MS Mail to Exchange stops. "
			     "Make it, with a copy of POPULATE.MSM in it."));
}

static int master_notice(struct look *look)
{
	const struct survey *survey = look->survey;

	if (survey->maildata_relocated.master_glb)
		return 0;
	return look_notice(look, "relocated-maildata",
			   _("The file Glb\\Master.glb of the relocated Maildata does not have the 176 bytes that MS Mail gives it: "
			     "the postoffice may be damaged."));
}

bool survey_lives(const struct survey *survey)
{
	return survey->live_said == LIVE_SAID_NOTHING ? survey->live == LIVE_RELOCATED : survey->live_said == LIVE_SAID_RELOCATED;
}

const char *survey_live_sentence(const struct survey *survey)
{
	if (survey->live_said == LIVE_SAID_RELOCATED)
		return _("The operator says that the relocated postoffice is the one in use.");
	if (survey->live_said == LIVE_SAID_DEFAULT)
		return _("The operator says that the default postoffice is the one in use, so the connector must not be pointed to the other one.");
	return survey->live == LIVE_RELOCATED ? _("The relocated postoffice is the one in use.") :
	       survey->live == LIVE_DEFAULT   ? _("The postoffice in use seems to be the default one, not the relocated one. Nothing is proposed "
						  "until you say which one it is.") :
						_("It is not clear which of the two postoffices is in use. Nothing is proposed until you say "
						  "which one it is.");
}

/* Before step 1. No plan can change or keep it: only evidence or a person's word settles it. */
int look_postoffice_row(struct look *look)
{
	const struct survey *survey = look->survey;
	const char *missing = survey->maildata_relocated.missing;
	struct finding *row = look_finding(look, KIND_POSTOFFICE, 0, "postoffice", "");

	if (!row)
		return error_memory(look->err);
	row->state = missing ? FINDING_WRONG : survey_lives(survey) ? FINDING_RIGHT : survey->live == LIVE_UNCLEAR ? FINDING_UNKNOWN : FINDING_WRONG;
	row->subject = talloc_strdup(look->survey, _("The postoffice in use"));
	row->text = talloc_asprintf(look->survey, "%s %s", survey_live_sentence(survey), survey->live_reasons);
	row->move = row->state == FINDING_RIGHT ? MOVE_NONE : MOVE_PERSON;
	if (missing)
		row->todo = talloc_strdup(look->survey,
					  _("Restore the whole postoffice from a backup, or name the folder of the one in use with --relocated."));
	else if (row->move != MOVE_NONE)
		row->todo = talloc_strdup(look->survey, _("Look at both for new mail, then say with --live which one is in use, or name a "
						  "third folder with --relocated."));
	row->why = talloc_strdup(look->survey, _("The repair points everything to the relocated postoffice. "
					 "If the other one is in use, mail would stop."));
	if (!missing && look->options->live == LIVE_SAID_NOTHING && survey->live_said != LIVE_SAID_NOTHING) {
		row->kept_by = talloc_strdup(look->survey, look->options->written.lives_by);
		row->kept_run = talloc_strdup(look->survey, look->options->written.lives_run);
	}
	return row->subject && row->text && row->why && (row->todo || row->move == MOVE_NONE) ? 0 : error_memory(look->err);
}

/* Whose word it is that still holds. */
static int word_notice(struct look *look)
{
	const struct written *written = &look->options->written;

	if (look->options->live != LIVE_SAID_NOTHING || look->survey->live_said == LIVE_SAID_NOTHING)
		return 0;
	return look_notice(look, "live-said",
			   _("%s said in run %s that the relocated postoffice is the one in use. This holds until mail comes into the default one."),
			   look_shown(look, written->lives_by), look_shown(look, written->lives_run));
}

/* A person's word on record holds until mail comes into the postoffice that was said to be dead. */
static enum live_said live_said(const struct look *look)
{
	const struct written *written = &look->options->written;
	const struct survey *survey = look->survey;

	if (look->options->live != LIVE_SAID_NOTHING)
		return look->options->live;
	return written->lives && survey->relocated_msmcon && path_equal(written->lives, survey->relocated_msmcon) &&
			       written->other_newest == survey->maildata_default.newest ?
		       LIVE_SAID_RELOCATED :
		       LIVE_SAID_NOTHING;
}

int look_maildata(struct look *look)
{
	struct survey *survey = look->survey;
	int ret = tree_look(look, survey->default_msmcon, &survey->maildata_default);

	if (ret == 0)
		ret = tree_look(look, survey->relocated_msmcon, &survey->maildata_relocated);
	if (ret == 0)
		ret = by_share(look);
	if (ret != 0)
		return ret;
	survey->live_said = live_said(look);
	survey->live = weigh(look, by_recency(survey));
	ret = reason_of_tree(look, &survey->maildata_relocated, _("relocated"));
	if (ret == 0)
		ret = reason_of_tree(look, &survey->maildata_default, _("default"));
	if (ret == 0)
		ret = witness_reasons(look);
	if (ret == 0)
		ret = word_notice(look);
	if (ret == 0)
		ret = p1_notice(look);
	return ret == 0 ? master_notice(look) : ret;
}
