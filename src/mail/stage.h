/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MAIL_STAGE_H
#define MAIL_STAGE_H

/* How far a message came; each direction has its own, in this order. */
enum mail_stage {
	STAGE_NONE,
	/* Exchange -> MS Mail */
	STAGE_SUBMITTED,  /* Exchange took it */
	STAGE_CONNECTOR,  /* in the connector's postoffice */
	STAGE_POSTOFFICE, /* in the postoffice of MS Mail */
	/* MS Mail -> Exchange */
	STAGE_FETCHED,  /* in the connector's postoffice */
	STAGE_EXCHANGE, /* in Exchange, which is no delivery */
	/* both, on a practice server alone */
	STAGE_MAILBOX
};
/* "the connector's postoffice", for VERIFIED TO; translated. And "connector", for records. */
const char *mail_stage_text(enum mail_stage stage);
const char *mail_stage_name(enum mail_stage stage);
/* STAGE_NONE for a name that is none. */
enum mail_stage mail_stage_parse(const char *name);

#endif
