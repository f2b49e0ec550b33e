# The report, from the record alone.
noinst_LIBRARIES += src/report/libreport.a
CORE_LIBS += src/report/libreport.a
src_report_libreport_a_SOURCES = \
	src/report/outcome.c src/report/outcome.h src/report/report.c src/report/report.h src/report/report_internal.h \
	src/report/report_json.c src/report/report_html.c src/report/report_lines.c src/report/report_finish.c src/report/report_image.c src/report/report_parts.c src/report/report_rows.c src/report/report_text.c \
	src/report/report_words.c src/report/verdict.c src/report/writing.c
