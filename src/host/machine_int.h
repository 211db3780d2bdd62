/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Inside a machine: following links is common code, each kind has its own functions below. */
#ifndef HDADUMP_HOST_MACHINE_INT_H
#define HDADUMP_HOST_MACHINE_INT_H

#include "host/machine.h"

/* In all functions @path is absolute and without links; "" is the root. */
struct machine_ops {
	/* The target of a link; LOOK_BROKEN: it exists and is not a link. */
	enum read_status (*link)(struct machine *m, const char *path, char *target, size_t size);
	enum read_status (*read)(struct machine *m, const char *path, struct buf *text);
	enum read_status (*list)(struct machine *m, const char *path, struct names *out);
	enum read_status (*ask)(struct machine *m, const char *question, struct buf *answer);
	struct err *(*write)(struct machine *m, const char *path, const char *text);
	void (*destroy)(struct machine *m);
};

/* One entry of a recorded machine. */
enum entry_kind { ENTRY_THERE, ENTRY_FILE, ENTRY_LINK, ENTRY_DENIED, ENTRY_ANSWER };

struct entry {
	char *key;	/* a path, or a question */
	char *text;	/* contents, target or answer */
	size_t len;
	enum entry_kind kind;
	unsigned int line;
};

/* Sorted by key after entries_sort(); questions sort before paths. */
struct entries {
	struct entry *e;
	size_t n, cap;
	bool sorted;
};

struct machine {
	const struct machine_ops *ops;
	int root;		/* descriptor of a folder; -1 = none */
	bool live;
	struct entries known;	/* the entries of a recorded machine, or a folder's answers */
	bool recording;
	struct entries record;
};

void entries_deinit(struct entries *l);
struct err *entries_add(struct entries *l, enum entry_kind kind, const char *key,
			const char *text, size_t len);
void entries_sort(struct entries *l);
/* The entry with that key, or NULL; @l must be sorted. */
const struct entry *entries_find(const struct entries *l, const char *key, bool answer);
/* The index of the first entry whose key is not less than @key. */
size_t entries_from(const struct entries *l, const char *key);

/* machine_text.c: the text of a recorded machine. */
struct err *machine_text_parse(const char *name, const void *data, size_t len,
			       struct entries *out);
struct err *machine_text_print(struct entries *l, struct buf *out);
extern const struct machine_ops machine_text_ops;

/* machine_dir.c */
struct err *machine_dir_open(const char *path, struct machine *m);
extern const struct machine_ops machine_dir_ops;

/* The recorded answer; for every machine but this one. */
enum read_status machine_known_answer(struct machine *m, const char *question, struct buf *answer);

#endif
