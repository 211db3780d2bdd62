#!/bin/sh
# Verbs for codec 0x10ec0298, subsystem 0x144dc8ff (Realtek ALC298)
# made by hdadump 0.1.0 from boot.hdad
# with sha256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
# Gives them to the running driver, which sends them when it starts the codec.
set -e

vendor=0x10ec0298
subsystem=0x144dc8ff

# The ids of a codec, as the kernel has them.
ids() {
	s=/sys/class/sound/$1
	if [ -r "$s/vendor_id" ]; then
		echo "$(cat "$s/vendor_id") $(cat "$s/subsystem_id")"
		return
	fi
	c=${1#hwC}
	sed -n -e 's/^Vendor Id: //p' -e 's/^Subsystem Id: //p' \
		"/proc/asound/card${c%D*}/codec#${c#*D}" 2>/dev/null | tr '\n' ' '
}

# True when this is the codec that the verbs were made for, as far as that is known.
is_it() {
	set -- $(ids "$1")
	[ $# = 2 ] || return 1
	[ "$vendor" = unknown ] || [ $(($1)) = $((vendor)) ] || return 1
	[ "$subsystem" = unknown ] || [ "$any" ] || [ $(($2)) = $((subsystem)) ]
}

dry='' any='' device=''
for a in "$@"; do
	case $a in
	--any-machine) any=1 ;;
	/dev/*) device=$a ;;
	*)
		echo "usage: ${0##*/} [--any-machine] [/dev/snd/hwC0D0]" >&2
		exit 2 ;;
	esac
done

fit=''
if [ "$device" ]; then
	is_it "${device##*/}" || {
		set -- $(ids "${device##*/}")
		echo "$device is codec ${1:-unknown}, subsystem ${2:-unknown}, not" \
			"$vendor with $subsystem" >&2
		exit 1
	}
else
	for d in /dev/snd/hwC*D*; do
		is_it "${d##*/}" || continue
		fit="$fit $d"
		device=${device:-$d}
	done
	[ "$device" ] || {
		echo "no codec $vendor with subsystem $subsystem in this machine" >&2
		exit 1
	}
fi

# If the list does not name the codec, the user must confirm it.
case "$any $vendor $subsystem" in
1* | *unknown*)
	[ "$fit" = '' ] || [ "$fit" = " $device" ] || {
		echo "several codecs may be the one: name its device" >&2
		for d in $fit; do
			echo "  $d is codec $(ids "${d##*/}")" >&2
		done
		exit 1
	} ;;
esac
case "$any$dry $vendor $subsystem" in
' '*unknown*)
	set -- $(ids "${device##*/}")
	echo "The verbs are for codec $vendor, subsystem $subsystem." >&2
	echo "$device is codec $1, subsystem $2." >&2
	if [ -t 0 ]; then
		printf 'Send them to it? [y/N] ' >&2
		read -r reply || reply=''
	else
		reply=''
	fi
	case $reply in
	[yY] | [yY][eE][sS]) ;;
	*)
		echo "Nothing was sent. If they are for this codec: use --any-machine, or write" >&2
		echo "its ids into $0: vendor=$1 subsystem=$2" >&2
		exit 1 ;;
	esac ;;
esac

[ -w "/sys/class/sound/${device##*/}/init_verbs" ] || {
	echo "no right to write, or a kernel without CONFIG_SND_HDA_RECONFIG" >&2
	exit 1
}
cd "/sys/class/sound/${device##*/}"
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
# starts the codec again; fails while something plays or records
echo 1 >reconfig
