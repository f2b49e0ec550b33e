/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A broken server written out by hand: the worked example of the domain's description (server
 * MAIL1, two PC MTAs, Exchange on C:, the postoffice moved to E:). Everything can be set otherwise
 * before it is built.
 */
#ifndef TESTS_LAB_H
#define TESTS_LAB_H

#include "nt/regdata.h"
#include "repair/survey.h"

#define LAB_DEFAULT "C:\\exchsrvr\\connect\\msmcon"
#define LAB_MOVED "E:\\exchsrvr\\connect\\msmcon"
#define LAB_SETUP_TIME \
	INT64_C(921231667) /* 1999-03-12 09:41:07 UTC, when setup's log was last written */
#define LAB_VANCOUVER "MTA to Vancouver PO"
#define LAB_LEGACY "Legacy Mail Connector"

enum { LAB_DESCRIPTOR = 28 };
extern const uint8_t lab_descriptor[LAB_DESCRIPTOR];

struct lab;

/* Keys begin with "SYSTEM\\" or "SOFTWARE\\"; "SERVICES\\" stands for
 * SYSTEM\\ControlSet001\\Services\\. Files are below "C/" and "E/". */
struct lab *lab_new(TALLOC_CTX *mem);
void lab_text(struct lab *lab, const char *key, const char *value, uint32_t type, const char *text);
void lab_number(struct lab *lab, const char *key, const char *value, uint32_t number);
void lab_bytes(struct lab *lab, const char *key, const char *value, uint32_t type,
	const void *bytes, size_t len);
/* One string of a REG_MULTI_SZ each line. */
void lab_lines(struct lab *lab, const char *key, const char *value, const char *lines);
void lab_key(struct lab *lab, const char *key);
/* Takes back one value, or with value NULL the key and all below it. */
void lab_remove(struct lab *lab, const char *key, const char *value);

/* A file called as a program or a DLL is one that Windows NT would load, with the text in its only
 * section. An empty text makes an empty file. */
void lab_file(struct lab *lab, const char *path, const char *text, int64_t seconds);
void lab_unfile(struct lab *lab, const char *path);
/* What lies in one folder lies in another instead ("E/po", "E" for a root). */
void lab_move(struct lab *lab, const char *from, const char *to);
/* The article's eleven values lead to msmcon instead. */
void lab_values(struct lab *lab, const char *msmcon);
/* The second copy of SYSTEM is written too; without this there is none. */
void lab_with_alt(struct lab *lab);

/* Writes it all out; the folder that holds C and E. Once only. */
const char *lab_build(struct lab *lab);
/* Where a file of the lab is on this machine. */
char *lab_path(struct lab *lab, const char *path);
/* Writes a file of this machine as lab_file would make it; the text of such a file, and of any
 * other. */
void lab_write(const char *path, const char *text);
char *lab_read(TALLOC_CTX *mem, const char *path);
struct server *lab_open(struct lab *lab);
/* Builds if need be, opens, and surveys; 0 or the trouble. */
int lab_try(struct lab *lab, const struct survey_options *options, const struct survey **survey,
	struct error *err);
/* The same; trouble fails the test. options may be NULL. */
const struct survey *lab_survey(struct lab *lab, const struct survey_options *options);

/* A row by id; its not being there fails the test. */
const struct finding *lab_row(const struct survey *survey, const char *id);
const struct notice *lab_notice(const struct survey *survey, const char *id);

#endif
