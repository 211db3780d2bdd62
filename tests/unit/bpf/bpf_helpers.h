/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replaces libbpf's header: the helpers of test_kvm_bpf.c, in user space. */
#ifndef HDADUMP_TESTS_BPF_HELPERS_H
#define HDADUMP_TESTS_BPF_HELPERS_H

#include <linux/bpf.h>

#define SEC(name)
#define __uint(name, value) int (*name)[value]
#define __type(name, value) value *name

void *bpf_map_lookup_elem(void *map, const void *key);
long bpf_map_update_elem(void *map, const void *key, const void *value, __u64 flags);
long bpf_probe_read_user(void *to, __u32 size, const void *from);
long bpf_probe_read_kernel(void *to, __u32 size, const void *from);
long bpf_ringbuf_output(void *map, void *data, __u64 size, __u64 flags);
__u64 bpf_ringbuf_query(void *map, __u64 flags);
__u64 bpf_get_current_pid_tgid(void);
long bpf_get_ns_current_pid_tgid(__u64 dev, __u64 ino, struct bpf_pidns_info *ns, __u32 size);
__u64 bpf_ktime_get_ns(void);

#endif
