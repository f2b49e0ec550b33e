# Q240208: what to find, what to do, how to do one change.
noinst_LIBRARIES += src/repair/librepair.a
CORE_LIBS += src/repair/librepair.a
src_repair_librepair_a_SOURCES =
src_repair_librepair_a_SOURCES += src/repair/article.c src/repair/article.h src/repair/finding.c src/repair/finding.h
src_repair_librepair_a_SOURCES += src/repair/leftover.c src/repair/leftover.h
src_repair_librepair_a_SOURCES += src/repair/survey.c src/repair/survey.h src/repair/survey_internal.h src/repair/survey_tools.c
src_repair_librepair_a_SOURCES += src/repair/survey_server.c src/repair/survey_letters.c src/repair/survey_pcmta.c src/repair/survey_msmcon.c
src_repair_librepair_a_SOURCES += src/repair/survey_maildata.c src/repair/survey_files.c src/repair/survey_values.c src/repair/survey_named.c
src_repair_librepair_a_SOURCES += src/repair/survey_share.c src/repair/survey_services.c src/repair/survey_oldfolder.c
src_repair_librepair_a_SOURCES += src/repair/survey_copies.c src/repair/survey_json.c
src_repair_librepair_a_SOURCES += src/repair/plan.c src/repair/plan.h src/repair/plan_load.c src/repair/stamps.c src/repair/stamps.h
src_repair_librepair_a_SOURCES += src/repair/change.c src/repair/change.h src/repair/change_internal.h src/repair/change_state.c src/repair/change_places.c src/repair/change_allowed.c
src_repair_librepair_a_SOURCES += src/repair/rehearse.c src/repair/rehearse.h
src_repair_librepair_a_SOURCES += src/repair/step_backup.c src/repair/step_copy.c src/repair/step_registry.c src/repair/step_share.c
src_repair_librepair_a_SOURCES += src/repair/oldfolder.c src/repair/oldfolder_gate.c src/repair/oldfolder_mail.c src/repair/oldfolder_names.c src/repair/oldfolder.h src/repair/oldfolder_internal.h src/repair/step_oldfolder.c
src_repair_librepair_a_SOURCES += src/repair/step_mail.c src/repair/step_mail.h src/repair/step_mail_internal.h src/repair/step_mail_json.c
src_repair_librepair_a_SOURCES += src/repair/step_mail_watch.c src/repair/step_mail_logs.c src/repair/step_mail_look.c src/repair/step_mail_facts.c
