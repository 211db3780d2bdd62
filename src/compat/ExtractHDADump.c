// SPDX-License-Identifier: GPL-2.0-or-later
/* ExtractHDADump: joins the frames of a folder into all verbs and all responses. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "compat/extract.h"
#include "compat/print_notes.h"
#include "input/frames/frameset.h"

static const char usage[] =
	"usage: ExtractHDADump [OPTION...] FOLDER\n"
	"\n"
	"Joins the frames of FOLDER (frame00, frame01, ... or frame0000, ...; exit_dump or\n"
	"exit_frame last) into allCORBframes, all verbs, and allRIRBframes, all responses, in\n"
	"the current folder. What is missing or doubtful is said.\n"
	"\n"
	"  -o, --output DIR  put them there\n"
	"      --pair FILE   also join verbs and responses to a capture that hdadump reads\n"
	"  -f, --force       replace what an earlier run wrote\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"\n"
	"Exit status: 0 all is there, 1 error, 2 usage, 3 something is missing or doubtful.\n";

struct extract {
	const char *folder, *output, *pair;
	bool overwrite;
	bool losses;
};

/* Nothing is written when one of the files is in the way. */
static struct err *check_free(const struct extract *x, int out)
{
	static const char *const names[] = { "allCORBframes", "allRIRBframes" };

	for (int i = 0; i < 2 && !x->overwrite; i++)
		if (faccessat(out, names[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return err_new(ERR_FAIL, "%s is there already, and is not overwritten; see "
				       "--force", names[i]);
	if (x->pair && !x->overwrite && access(x->pair, F_OK) == 0)
		return err_new(ERR_FAIL, "%s is there already, and is not overwritten; see --force",
			       x->pair);
	return NULL;
}

static size_t entries(const struct joined_lane *l)
{
	return l->count[ENTRY_DOUBT] + l->count[ENTRY_STOPPED] + l->count[ENTRY_GOOD];
}

static struct err *run(struct extract *x)
{
	struct frameset set = { 0 };
	struct buf notes = { 0 };
	struct joined j = { 0 };
	const struct joined_lane *corb = &j.lane[LANE_CORB], *rirb = &j.lane[LANE_RIRB];
	struct err *e = NULL;
	int in = open(x->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), out = -1;

	if (in < 0) {
		e = err_sys(errno, "%s", x->folder);
		goto out;
	}
	out = open(x->output, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out < 0) {
		e = err_sys(errno, "%s", x->output);
		goto out;
	}
	e = frameset_load(&set, in, &notes);
	if (!e && !set.n)
		e = err_new(ERR_FAIL, "there are no frames in %s", x->folder);
	if (!e)
		e = frameset_join(&set, &notes, &j);
	if (!e)
		e = check_free(x, out);
	if (!e)
		x->losses = joined_tell(&j, &notes);
	print_notes_tell(&notes);
	if (!e)
		e = extract_write(out, "allCORBframes", corb->data, corb->n * 4, x->overwrite);
	if (!e)
		e = extract_write(out, "allRIRBframes", rirb->data, rirb->n * 8, x->overwrite);
	if (!e && x->pair)
		e = extract_pair(in, x->folder, x->pair, x->overwrite);
	if (e)
		goto out;
	log_note("%zu verbs, %zu responses%s", entries(corb), entries(rirb), j.indexed ? "" :
		 " at most: without " FRAME_INDEX " nobody knows which slots were in use");
	x->losses |= j.faults;
out:
	joined_deinit(&j);
	frameset_deinit(&set);
	buf_deinit(&notes);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return e;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "pair", required_argument, NULL, 'p' },
		{ "force", no_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 }
	};
	struct extract x = { .output = "." };
	struct err *e = NULL;
	int c;

	log_program = "ExtractHDADump";
	while (!e && (c = getopt_long(argc, argv, "o:fhV", longs, NULL)) != -1) {
		switch (c) {
		case 'o':
			x.output = optarg;
			break;
		case 'p':
			x.pair = optarg;
			break;
		case 'f':
			x.overwrite = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		case 'V':
			puts("ExtractHDADump " HDADUMP_VERSION);
			return 0;
		default:
			e = err_new(ERR_USAGE, "see 'ExtractHDADump --help'");
		}
	}
	if (!e && argc - optind != 1)
		e = err_new(ERR_USAGE, "one folder; see 'ExtractHDADump --help'");
	if (!e) {
		x.folder = argv[optind];
		e = run(&x);
	}
	if (!e)
		return x.losses ? 3 : 0;
	int status = err_kind(e) == ERR_USAGE ? 2 : 1;
	log_err(e);
	return status;
}
