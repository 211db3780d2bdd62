/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands: arguments -> rooms -> exit status.  argv[0] is the command's
 * own name.  Only these functions and main() print errors.
 */
#ifndef HDADUMP_CMD_CMD_H
#define HDADUMP_CMD_CMD_H

int cmd_args(int argc, char **argv);
int cmd_attach(int argc, char **argv);
int cmd_bisect(int argc, char **argv);
int cmd_codec(int argc, char **argv);
int cmd_convert(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_mark(int argc, char **argv);
int cmd_reduce(int argc, char **argv);
int cmd_libvirt(int argc, char **argv);
int cmd_repair(int argc, char **argv);
int cmd_replay(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_segments(int argc, char **argv);
int cmd_show(int argc, char **argv);
int cmd_state(int argc, char **argv);
int cmd_verb(int argc, char **argv);

#endif
