#!/bin/sh
# Verbs for codec 0x10ec0298, subsystem 0x144dc8ff (Realtek ALC298)
# made by hdadump 0.1.0 from boot.hdad
# with sha256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
# Gives them to the running driver, which sends them when it starts the codec.
set -e
for s in /sys/class/sound/hwC*D0; do
	[ -w "$s/init_verbs" ] || continue
	[ $((0x10ec0298)) = 0 ] || [ $(($(cat "$s/vendor_id"))) = $((0x10ec0298)) ] || continue
	[ $((0x144dc8ff)) = 0 ] || [ $(($(cat "$s/subsystem_id"))) = $((0x144dc8ff)) ] || continue
	found=$s
done
[ "$found" ] || {
	echo "no such codec, or a kernel without CONFIG_SND_HDA_RECONFIG" >&2
	exit 1
}
cd "$found"
# each verb is a write of its own
v() { echo "$1 $2 $3" >init_verbs; }
p() { echo "$1 $2" >user_pin_configs; }
# pin 14: config 90170110: Fixed, Speaker, at Int N/A, conn Analog, color Unknown, NO_PRESENCE, assoc 1, seq 0
p 0x14 0x90170110
# coef[10] = 0e21 (EAPD control: automatic)
v 0x20 0x500 0x0010
v 0x20 0x400 0x0e21
# pin 14: OUT
v 0x14 0x707 0x0040
# pin 14: EAPD on
v 0x14 0x70c 0x0002
# amp 38: reg 23ff = 1
v 0x20 0x500 0x0022
v 0x20 0x400 0x0038
v 0x20 0x500 0x0023
v 0x20 0x400 0x23ff
v 0x20 0x400 0x0000
v 0x20 0x400 0x0001
v 0x20 0x400 0xb011
# coef[145] = 1234
v 0x20 0x500 0x0145
v 0x20 0x400 0x1234
# gpio mask 01, gpio direction 01, gpio data 01
v 0x01 0x716 0x0001
v 0x01 0x717 0x0001
v 0x01 0x715 0x0001
# starts the codec anew; fails while something plays or records
echo 1 >reconfig
