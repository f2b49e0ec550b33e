/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of the two postoffices lives. Moving by Q171259 copies the tree, so the default one is
 * normally a whole old copy and structure proves nothing; recency and what the share named decide,
 * and the reasons are told (doc/domain.md 6).
 */
#include "repair/survey_internal.h"

#include <ctype.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

enum { MASTER_SIZE = 176 };

/* Where the files of mail are. */
struct mail_folder {
	const char *name;
	bool hashed;  /* in sixteen subfolders (Q87378, Q87409) */
	bool is_mail; /* a change after the service pack means that mail came */
	/* in every postoffice, also in that of a connector (Q77926, Q181951), and never empty */
	bool needed;
};

static const struct mail_folder mail_folders[] = {
	{ "KEY", false, true, true },
	{ "MBG", false, true, true },
	{ "P1", false, true, false },
	{ "MAI", true, true, false },
	{ "ATT", true, true, false },
	{ "LOG", false, false, false },
};

/* One Maildata being looked at. */
struct tree {
	struct scan *scan;
	struct maildata *data;
	const char *root;
	const char *folder, *name; /* of the newest file */
};

/* FAT knows only every second one, so the grain is allowed for. */
static void tree_file(struct tree *tree, const char *folder, const char *name, int64_t mtime,
	bool is_mail)
{
	int64_t setup = tree->scan->survey->setup_time;
	struct maildata *data = tree->data;

	if (mtime > data->newest || !tree->name) {
		data->newest = mtime;
		tree->folder = folder;
		tree->name = name;
	}
	if (!is_mail || setup == 0 || mtime <= setup + SCAN_FAT_GRAIN_S * FILETIME_SECOND)
		return;
	if (data->after_setup < MAILDATA_NAMES)
		data->after_setup_names[data->after_setup] =
			scan_text(tree->scan, "%s\\%s", folder, name);
	data->after_setup++;
}

/* MAI\MA0 to MAI\MAF, ATT\AT0 to ATT\ATF */
static bool is_subfolder(const char *folder, const struct entry *entry)
{
	return entry->meta.kind == ENTRY_FOLDER && strlen(entry->name) == 3 &&
		text_equal_n(entry->name, folder, 2) && isxdigit((unsigned char)entry->name[2]);
}

/* POPULATE.MSM is in every folder of every postoffice (Q127954). */
static void tree_folder(struct tree *tree, const char *name, bool hashed, bool is_mail)
{
	struct scan *scan = tree->scan;
	const char *path = scan_path(scan, tree->root, name);
	struct entry_list list;

	scan_list(scan, path, &list);
	for (size_t i = 0; scan->ret == 0 && i < list.count; i++) {
		const struct entry *entry = &list.entries[i];

		if (entry->meta.kind == ENTRY_UNREADABLE)
			scan_fail(scan, TROUBLE_IO, _("%s\\%s cannot be examined."),
				scan_shown(scan, path), scan_shown(scan, entry->name));
		else if (hashed && is_subfolder(name, entry))
			tree_folder(tree,
				scan_print(scan, "%s\\%.2s%c", name, name,
					toupper((unsigned char)entry->name[2])),
				false, is_mail);
		else if (entry->meta.kind == ENTRY_FILE && !text_equal(entry->name, "POPULATE.MSM"))
			tree_file(tree, name, entry->name, entry->meta.mtime, is_mail);
	}
}

static void tree_scan(struct scan *scan, const char *msmcon, struct maildata *data)
{
	struct tree tree = { .scan = scan,
		.data = data,
		.root = scan_path(scan, msmcon, "Maildata") };
	struct file_meta meta;

	data->present = scan_exists(scan, tree.root, ENTRY_FOLDER);
	if (!data->present)
		return;
	data->master_glb = scan_meta(scan, scan_path(scan, tree.root, "Glb\\Master.glb"), &meta) &&
		meta.kind == ENTRY_FILE && meta.size == MASTER_SIZE;
	if (scan_meta(scan, scan_path(scan, tree.root, "Glb\\Control.glb"), &meta) &&
		meta.kind == ENTRY_FILE)
		tree_file(&tree, "GLB", "CONTROL.GLB", meta.mtime, false);
	for (size_t i = 0; i < sizeof(mail_folders) / sizeof(mail_folders[0]); i++) {
		const struct mail_folder *folder = &mail_folders[i];

		if (scan_exists(scan, scan_path(scan, tree.root, folder->name), ENTRY_FOLDER))
			tree_folder(&tree, folder->name, folder->hashed, folder->is_mail);
		else if (folder->needed)
			data->missing = folder->name;
	}
	if (tree.name)
		data->newest_file = scan_text(scan, "%s\\%s", tree.folder, tree.name);
}

bool scan_is_maildata(struct scan *scan, const char *maildata)
{
	bool found = scan_exists(scan, scan_path(scan, maildata, "Glb\\Master.glb"), ENTRY_FILE);

	for (size_t i = 0; i < sizeof(mail_folders) / sizeof(mail_folders[0]); i++)
		if (mail_folders[i].needed)
			found = found &&
				scan_exists(scan, scan_path(scan, maildata, mail_folders[i].name),
					ENTRY_FOLDER);
	return found;
}

/* ---- which one lives ---- */

/* The sentences of reasons grow. */
static void reason(struct scan *scan, const char *text)
{
	struct survey *survey = scan->survey;

	survey->live_reasons = survey->live_reasons
		? scan_text(scan, "%s %s", survey->live_reasons, text)
		: scan_text(scan, "%s", text);
}

static void reason_of_tree(struct scan *scan, const struct maildata *data, const char *word)
{
	if (!data->present) {
		reason(scan, scan_print(scan, _("The %s Msmcon has no Maildata."), word));
		return;
	}
	if (data->missing)
		reason(scan,
			scan_print(scan,
				_("The %s Maildata has no folder %s, so no mail moves through it."),
				word, data->missing));
	if (data->newest_file)
		reason(scan,
			scan_print(scan, _("The newest mail file in the %s Maildata is %s, of %s."),
				word, scan_shown(scan, data->newest_file),
				scan_need(scan, filetime_text(scan->tmp, data->newest, false))));
	else
		reason(scan, scan_print(scan, _("The %s Maildata has no mail files in it."), word));
}

static enum survey_live by_recency(const struct survey *survey)
{
	const struct maildata *there = &survey->maildata_relocated,
			      *here = &survey->maildata_default;
	const int64_t grain = SCAN_FAT_GRAIN_S * FILETIME_SECOND;

	if (!here->present || !here->newest_file)
		return there->present ? LIVE_RELOCATED : LIVE_UNCLEAR;
	if (!there->present || !there->newest_file)
		return LIVE_DEFAULT;
	if (there->newest > here->newest + grain)
		return LIVE_RELOCATED;
	return here->newest > there->newest + grain ? LIVE_DEFAULT : LIVE_UNCLEAR;
}

enum survey_live scan_side(struct scan *scan, const char *path)
{
	if (!path)
		return LIVE_UNCLEAR;
	if (path_equal(path, scan_path(scan, scan->survey->default_msmcon, "Maildata")))
		return LIVE_DEFAULT;
	return path_equal(path, scan_path(scan, scan->survey->relocated_msmcon, "Maildata"))
		? LIVE_RELOCATED
		: LIVE_UNCLEAR;
}

bool scan_is_written(const struct scan *scan, const char *msmcon)
{
	return msmcon && path_equal(msmcon, scan->survey->relocated_msmcon);
}

/* A share that this program led there would only repeat what the program was told; what it had said
 * before that is on record. */
static void share_heard(const struct scan *scan, enum survey_live side, bool before)
{
	const struct written *written = &scan->options->written;
	bool ours = side == LIVE_RELOCATED && scan_is_written(scan, written->share);

	scan->survey->share_led = ours ? written->share_led : side;
	scan->survey->share_led_before = ours ? written->share_led_before : before;
}

/* What the share named: before the service pack where another control set still knows, else now. */
static void by_share(struct scan *scan)
{
	scan->survey->share_led = LIVE_UNCLEAR;
	for (size_t i = 0; i < scan->other_count && scan->survey->share_led == LIVE_UNCLEAR; i++)
		share_heard(scan,
			scan_side(scan,
				scan_long(scan, scan_share_path(scan, scan->other_sets[i]))),
			true);
	if (scan->survey->share_led == LIVE_UNCLEAR)
		share_heard(scan, scan_side(scan, scan->share_long), false);
}

/* Setup takes the connector for where its own key says; it is where Exchange was installed. */
static bool key_agrees(struct scan *scan)
{
	return path_equal(scan_path(scan, scan->survey->exchange_root, ARTICLE_MSMCON_BELOW_ROOT),
		scan->survey->default_msmcon);
}

/* Each witness has a vote: the newest mail, the share, setup's key. The share may lead to the
 * default one now by the very fault, so that is silence, as are equal times. What has no Maildata
 * cannot live, nor does one that mail cannot move through. */
static enum survey_live weigh(struct scan *scan, enum survey_live recency)
{
	const struct survey *survey = scan->survey;
	const struct maildata *here = &survey->maildata_default,
			      *there = &survey->maildata_relocated;
	bool relocated = recency == LIVE_RELOCATED || survey->share_led == LIVE_RELOCATED;
	bool other = recency == LIVE_DEFAULT ||
		(survey->share_led_before && survey->share_led == LIVE_DEFAULT) ||
		!key_agrees(scan) || here->after_setup || there->missing;

	if (!here->present)
		return there->missing ? LIVE_UNCLEAR : recency;
	return relocated == other ? LIVE_UNCLEAR : relocated ? LIVE_RELOCATED : LIVE_DEFAULT;
}

static void witness_reasons(struct scan *scan)
{
	const struct survey *survey = scan->survey;

	if (survey->share_led == LIVE_DEFAULT)
		reason(scan, _("The share Maildat$ led to the default one."));
	if (survey->share_led == LIVE_RELOCATED)
		reason(scan, _("The share Maildat$ led to the relocated one."));
	if (survey->maildata_default.after_setup)
		reason(scan, _("Mail came into the default one after the service pack."));
	if (scan->relocated_named && !scan_is_written(scan, scan->options->written.values))
		reason(scan, _("The registry still names the relocated one."));
	if (!key_agrees(scan))
		reason(scan,
			_("Setup's key names a different folder for the connector than for Exchange."));
}

/* Without P1 mail stops in one direction (Q266442); a copy made by hand may well have lost an empty
 * folder. */
static void damage_notices(struct scan *scan)
{
	const struct maildata *data = &scan->survey->maildata_relocated;

	if (data->present &&
		!scan_exists(scan, scan_path(scan, scan->survey->relocated_msmcon, "Maildata\\P1"),
			ENTRY_FOLDER))
		scan_notice(scan, "no-p1",
			_("The relocated Maildata has no folder P1. "
			  "Without it, mail from MS Mail to Exchange stops. "
			  "Make it, with a copy of POPULATE.MSM in it."));
	if (!data->master_glb)
		scan_notice(scan, "relocated-maildata",
			_("The file Glb\\Master.glb of the relocated Maildata does not have the 176 bytes that MS Mail gives it: "
			  "the postoffice may be damaged."));
}

bool survey_lives(const struct survey *survey)
{
	return survey->live_said == LIVE_SAID_NOTHING ? survey->live == LIVE_RELOCATED
						      : survey->live_said == LIVE_SAID_RELOCATED;
}

const char *survey_live_sentence(const struct survey *survey)
{
	if (survey->live_said == LIVE_SAID_RELOCATED)
		return _("The operator says that the relocated postoffice is the one in use.");
	if (survey->live_said == LIVE_SAID_DEFAULT)
		return _(
			"The operator says that the default postoffice is the one in use, so the connector must not be pointed to the other one.");
	return survey->live == LIVE_RELOCATED ? _("The relocated postoffice is the one in use.")
		: survey->live == LIVE_DEFAULT
		? _("The postoffice in use seems to be the default one, not the relocated one. Nothing is proposed "
		    "until you say which one it is.")
		: _("It is not clear which of the two postoffices is in use. Nothing is proposed until you say "
		    "which one it is.");
}

/* Before step 1. No plan can change or keep it: only evidence or a person's word settles it. */
void scan_postoffice_row(struct scan *scan)
{
	const struct survey *survey = scan->survey;
	const char *missing = survey->maildata_relocated.missing;
	struct finding *row = scan_finding(scan, KIND_POSTOFFICE, 0, "postoffice", "");

	row->state = missing                   ? FINDING_WRONG
		: survey_lives(survey)         ? FINDING_RIGHT
		: survey->live == LIVE_UNCLEAR ? FINDING_UNKNOWN
					       : FINDING_WRONG;
	row->subject = scan_text(scan, "%s", _("The postoffice in use"));
	status_say(scan, row, "%s %s", survey_live_sentence(survey), survey->live_reasons);
	row->why = _("The repair points everything to the relocated postoffice. "
		     "If the other one is in use, mail would stop.");
	if (missing)
		scan_todo(row, MOVE_PERSON,
			_("Restore the whole postoffice from a backup, or name the folder of the one in use with --relocated."));
	else if (row->state == FINDING_RIGHT)
		row->move = MOVE_NONE;
	else
		scan_todo(row, MOVE_PERSON,
			_("Look at both for new mail, then say with --live which one is in use, or name a "
			  "third folder with --relocated."));
	if (!missing && scan->options->live == LIVE_SAID_NOTHING &&
		survey->live_said != LIVE_SAID_NOTHING) {
		row->kept_by = scan_text(scan, "%s", scan->options->written.lives_by);
		row->kept_run = scan_text(scan, "%s", scan->options->written.lives_run);
	}
}

/* A person's word on record holds until mail comes into the postoffice that was said to be dead;
 * whose it is. */
static void word_on_record(struct scan *scan)
{
	const struct written *written = &scan->options->written;
	struct survey *survey = scan->survey;

	if (!written->lives || !path_equal(written->lives, survey->relocated_msmcon) ||
		written->other_newest != survey->maildata_default.newest)
		return;
	survey->live_said = LIVE_SAID_RELOCATED;
	scan_notice(scan, "live-said",
		_("%s said in run %s that the relocated postoffice is the one in use. This holds until mail comes into the default one."),
		scan_shown(scan, written->lives_by), scan_shown(scan, written->lives_run));
}

void scan_maildata(struct scan *scan)
{
	struct survey *survey = scan->survey;

	tree_scan(scan, survey->default_msmcon, &survey->maildata_default);
	tree_scan(scan, survey->relocated_msmcon, &survey->maildata_relocated);
	by_share(scan);
	survey->live = weigh(scan, by_recency(survey));
	reason_of_tree(scan, &survey->maildata_relocated, _("relocated"));
	reason_of_tree(scan, &survey->maildata_default, _("default"));
	witness_reasons(scan);
	survey->live_said = scan->options->live;
	if (survey->live_said == LIVE_SAID_NOTHING)
		word_on_record(scan);
	damage_notices(scan);
}
