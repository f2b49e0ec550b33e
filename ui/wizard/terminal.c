/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal: taken, painted, given back whatever happens. */
#include <dialog.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <term.h>
/* term.h takes these words for itself. */
#undef lines
#undef columns
#undef tone
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "record/reached.h"
#include "ui/wizard/wizard_private.h"

enum { ESC_DELAY = 25, ESC_DELAY_SLOW = 200, PASTE_DELAY = 1000 };
/* What is pasted comes with pauses shorter than that, and nobody pastes longer. */
/* What repeats while a key is held down comes more than sixteen times a second. */
enum { DROP_QUIET = 60, DROP_MOST = 1000 };

/* xterm's ctlseqs; a terminal that moves its cursor by such sequences ignores one that it does not
 * know. */
static void mode(const char *on, const char *off, bool wanted)
{
	if (strncmp(cursor_address, "\033[", 2) == 0)
		putp(wanted ? on : off);
	fflush(stdout);
}

static void paste_marks(bool marked)
{
	mode("\033[?2004h", "\033[?2004l", marked);
}

/* Clicks and the wheel, in numbers where the terminal can; and whether it has the focus. */
static void mouse(bool reported)
{
	mode("\033[?1000h\033[?1006h\033[?1004h", "\033[?1004l\033[?1006l\033[?1000l", reported);
}

void terminal_boxed(bool boxed)
{
	define_key(key_f1, boxed ? KEY_BOX_HELP : KEY_F(1));
	define_key(key_f2, boxed ? KEY_BOX_WHY : KEY_F(2));
	define_key("\033[200~", boxed ? KEY_BOX_PASTE : 0);
}

void terminal_point(struct wizard *wizard, bool wanted)
{
	wanted = wanted && wizard->mouse;
	if (wanted != wizard->pointing)
		mouse(wanted);
	wizard->pointing = wanted;
}

/* After the child is gone: settings, cursor and screen as they were. What the child's own end did
 * already does no harm twice. */
static void restore(const struct termios *saved, bool died)
{
	const char *const ends[] = { exit_attribute_mode, orig_pair, exit_ca_mode, cursor_normal,
		keypad_local };

	tcsetattr(STDIN_FILENO, TCSADRAIN, saved);
	for (size_t i = 0; died && i < ARRAY_SIZE(ends); i++)
		if (ends[i])
			putp(ends[i]);
	paste_marks(false);
	mouse(false);
}

/* The one process that a handler of the parent may have to tell. */
static volatile pid_t guarded;

static void forward(int number)
{
	kill(guarded, number);
}

/* Waits for the child, stops and continues with it, and ends as it did. */
static void parent(pid_t child, const struct termios *saved)
{
	struct sigaction action = { .sa_handler = forward, .sa_flags = SA_RESTART };
	int status = EXIT_FAILURE << 8;
	bool ended;

	guarded = child;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGINT, SIG_IGN); /* the terminal sends it to the child as well */
	signal(SIGQUIT, SIG_IGN);
	while (waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status)) {
		raise(SIGSTOP);
		kill(child, SIGCONT);
	}
	/* Where memory ran out it ended at once, and its sentence went with the screen. */
	ended = WIFEXITED(status) && WEXITSTATUS(status) != trouble_exit(TROUBLE_MEMORY);
	restore(saved, !ended);
	if (ended)
		_exit(WEXITSTATUS(status));
	if (WIFSIGNALED(status))
		fprintf(stderr,
			_("The program died (signal %d). What was begun is on record: %s\n"),
			WTERMSIG(status), reached_command(NULL, NULL, NULL, "resume", NULL));
	else
		fprintf(stderr, _("The program could not go on. What was begun is on record: %s\n"),
			reached_command(NULL, NULL, NULL, "resume", NULL));
	_exit(trouble_exit(TROUBLE_BUG));
}

int terminal_guard(struct error *err)
{
	struct termios saved;
	pid_t guard = getpid(), pid;
	int answer = 0;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_set(err, TROUBLE_USAGE,
			_("There is no terminal to ask on; use --plain, or a command that asks nothing."));
	if (setupterm(NULL, STDOUT_FILENO, &answer) != OK || !cursor_address)
		return error_set(err, TROUBLE_USAGE,
			_("This kind of terminal cannot show pages; use --plain."));
	if (tcgetattr(STDIN_FILENO, &saved) != 0)
		return error_system(err, TROUBLE_USAGE, errno,
			_("The terminal's settings cannot be read"));
	fflush(NULL);
	pid = fork();
	if (pid < 0)
		return error_system(err, TROUBLE_IO, errno,
			_("No second process could be started to guard the terminal"));
	if (pid > 0)
		parent(pid, &saved);
	/* Without its guard the terminal would be left as it is: the child then ends as if the line
	 * had been hung up. */
	prctl(PR_SET_PDEATHSIG, SIGHUP);
	if (getppid() != guard)
		raise(SIGHUP);
	return 0;
}

/*
 * Nobody's ~/.dialogrc binds a key in a box that writes. libdialog takes NO_COLOR (no-color.org)
 * only from such a file, so it gets one that has no name.
 */
static void dialog_settings(void)
{
	static const char plain[] = "use_colors = OFF\nuse_shadow = OFF\n";
	char path[64] = "/dev/null";
	int fd = tier_of(INT_MAX, getenv("NO_COLOR")) == TIER_MONO ? memfd_create("dialogrc", 0)
								   : -1;

	if (fd >= 0 && write(fd, plain, sizeof plain - 1) == (ssize_t)sizeof plain - 1) {
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		lseek(fd, 0, SEEK_SET);
	}
	setenv("DIALOGRC", path, 1);
}

static bool slow_line(void)
{
	struct termios now;

	return tcgetattr(STDIN_FILENO, &now) == 0 && cfgetospeed(&now) != B0 &&
		cfgetospeed(&now) <= B9600;
}

/* The size that the terminal tells; false if it tells none. */
static bool size_told(struct winsize *size)
{
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, size) == 0 && size->ws_row > 0 && size->ws_col > 0;
}

/* libdialog takes the whole locale from the environment; ours stays as it is. */
static void dialog_begin(void)
{
	char *ours = talloc_strdup(NULL, setlocale(LC_ALL, NULL));

	init_dialog(stdin, stdout);
	setlocale(LC_ALL, ours);
	talloc_free(ours);
}

void terminal_begin(void)
{
	struct winsize size;

	dialog_settings();
	/* The environment may be older than the terminal's size. */
	if (size_told(&size)) {
		unsetenv("LINES");
		unsetenv("COLUMNS");
	} else {
		setenv("LINES", "24", 0);
		setenv("COLUMNS", "80", 0);
	}
	if (!getenv("ESCDELAY"))
		set_escdelay(slow_line() ? ESC_DELAY_SLOW : ESC_DELAY);
	/* A terminal of an old kind in a UTF-8 locale: lines of boxes as those of pages. */
	setenv("NCURSES_NO_UTF8_ACS", "1", 0);
	dialog_vars.keep_tite = TRUE; /* the alternate screen, so that the shell's own comes back */
	dialog_state.no_mouse = TRUE; /* no click presses anything in a box */
	dialog_begin();
	dialog_vars.ascii_lines = !layout_utf8();
	dialog_state.visit_items = TRUE;
	raw(); /* Ctrl-C and Ctrl-Z are keys: they wait for the next safe point */
	noecho();
	keypad(stdscr, TRUE);
	/* Reports are read whole in keys.c: ncurses would know their first bytes and, of a kind
	 * that it does not expect, give the rest as keys. */
	define_key(NULL, KEY_MOUSE);
	define_key("\033[I", 0);
	define_key("\033[O", 0);
	curs_set(1);
	paste_marks(true);
}

/* Where there is no second screen to go back from the shell goes on below an empty one, in its own
 * colours. */
static void give_back(void)
{
	bkgdset(' ');
	attrset(A_NORMAL);
	erase();
	move(LINES - 1, 0);
	refresh();
	paste_marks(false);
	mouse(false);
}

int terminal_end(struct wizard *wizard)
{
	(void)wizard;
	give_back();
	end_dialog();
	return 0;
}

void terminal_suspend(void)
{
	give_back();
	def_prog_mode();
	endwin();
	raise(SIGSTOP);
	reset_prog_mode();
	paste_marks(true);
	terminal_taken_back();
}

void terminal_taken_back(void)
{
	struct winsize size;

	if (size_told(&size) && is_term_resized(size.ws_row, size.ws_col))
		resizeterm(size.ws_row, size.ws_col);
	clearok(curscr, TRUE);
}

uint64_t terminal_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

bool terminal_resized(void)
{
	struct winsize size;
	bool other = size_told(&size) && is_term_resized(size.ws_row, size.ws_col);

	if (other)
		terminal_taken_back();
	return other;
}

void terminal_top_taken_back(void)
{
	(void)terminal_resized();
	wredrawln(stdscr, 0, 1);
}

static enum tier tier_here(void)
{
	return tier_of(has_colors() ? COLORS : 0, getenv("NO_COLOR"));
}

struct screen *terminal_screen(TALLOC_CTX *mem)
{
	struct screen *screen = screen_new(mem, (size_t)LINES, (size_t)COLS);

	screen->tier = tier_here();
	return screen;
}

unsigned terminal_ink(enum role role)
{
	struct ink ink = theme_ink(role, tier_here());

	return (unsigned)(ink.fore < 0 ? 0 : dlg_color_pair(ink.fore, ink.back)) |
		(ink.bold ? A_BOLD : 0) | (ink.reverse ? A_REVERSE : 0);
}

void terminal_paint(const struct screen *screen)
{
	chtype inks[ROLE_COUNT];

	for (int role = 0; role < ROLE_COUNT; role++)
		inks[role] = terminal_ink((enum role)role);
	bkgdset(inks[ROLE_TEXT] | ' ');
	attrset((int)inks[ROLE_TEXT]);
	erase();
	for (size_t i = 0; i < screen->rows; i++)
		mvaddstr((int)i, 0, screen->lines[i]);
	for (size_t i = 0; i < screen->stretch_count; i++) {
		const struct stretch *stretch = &screen->stretches[i];
		chtype ink = inks[stretch->role];

		mvchgat((int)stretch->row, (int)stretch->column, (int)stretch->width,
			ink & ~A_COLOR, (short)PAIR_NUMBER((int)ink), NULL);
	}
	move((int)screen->cursor_row, (int)screen->cursor_column);
	refresh();
}

/* A paste may come in pieces over a slow line; the rest of a key comes at once. into: its first
 * line, as far as there is room, or NULL. */
static bool rest_read(struct tail *tail, char *into, size_t room)
{
	bool any = false, more = true, line = into != NULL;
	size_t used = 0;

	while (more) {
		int key;

		timeout(tail->part == TAIL_PASTE ? PASTE_DELAY : ESCDELAY);
		key = getch();
		more = key != ERR && tail_takes(tail, key);
		any |= key != ERR;
		line &= key >= ' ' && key < 0x100 && key != 0x7f && used + 1 < room;
		if (line)
			into[used++] = (char)key;
	}
	if (into)
		into[used] = '\0';
	return any;
}

bool terminal_rest(void)
{
	return rest_read(&(struct tail){ 0 }, NULL, 0);
}

void terminal_pasted(char *line, size_t room)
{
	int key;

	/* The mark is a character that can be typed, too: nothing comes behind it then. */
	*line = '\0';
	timeout(ESCDELAY);
	key = getch();
	if (key == ERR)
		return;
	ungetch(key);
	(void)rest_read(&(struct tail){ .part = TAIL_PASTE }, line, room);
	if (mbstowcs(NULL, line, 0) == (size_t)-1)
		*line = '\0';
}

bool terminal_held(int key)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	int next = poll(&input, 1, DROP_QUIET) > 0 ? terminal_key(0) : ERR;

	if (next == key)
		terminal_drop();
	else if (next != ERR && next != KEY_UNKNOWN)
		ungetch(next);
	return next == key;
}

void terminal_drop(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	for (int i = 0; i < DROP_MOST; i++) {
		flushinp();
		if (poll(&input, 1, DROP_QUIET) <= 0)
			return;
	}
}

/* A terminal that is gone gives no keys for ever, and not everybody is told by a signal. */
static void hang_up(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	if (poll(&input, 1, 0) > 0 && (input.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
		raise(SIGHUP);
}

int terminal_report(int wait, struct report *report)
{
	struct tail tail = { 0 };
	int key;

	*report = (struct report){ 0 };
	timeout(wait);
	key = getch();
	if (key == ERR)
		hang_up();
	if (key != KEY_ESC || !rest_read(&tail, NULL, 0))
		return key;
	*report = tail_report(&tail);
	return KEY_UNKNOWN;
}

int terminal_key(int wait)
{
	struct report report;

	return terminal_report(wait, &report);
}

/* In curses' place, also for libdialog: its own waits for the rest of a character that no byte can
 * complete, and swallows all that is typed. Here such bytes are nothing. */
int wget_wch(WINDOW *window, wint_t *wide)
{
	mbstate_t state = { 0 };
	bool part = false;

	for (;;) {
		const int key = wgetch(window);
		char byte = (char)key;
		wchar_t one = 0;
		size_t ret;

		*wide = (wint_t)key;
		if (key == ERR)
			return ERR;
		if (key >= KEY_MIN)
			return KEY_CODE_YES;
		ret = mbrtowc(&one, &byte, 1, &state);
		/* What breaks a character off may begin another. */
		if (ret == (size_t)-1 && part) {
			state = (mbstate_t){ 0 };
			ret = mbrtowc(&one, &byte, 1, &state);
		}
		*wide = (wint_t)one;
		if (ret == 0 || ret == 1)
			return OK;
		part = ret == (size_t)-2;
		if (!part)
			state = (mbstate_t){ 0 };
	}
}
