#!/bin/bash
DEVICE="/dev/snd/hwC0D0"
function write_coef {
    local idx=$1
    local val=$2
    hda-verb "$DEVICE" 0x20 SET_COEF_INDEX "$idx" > /dev/null 2>&1
    hda-verb "$DEVICE" 0x20 SET_PROC_COEF ${val} >/dev/null
}
if [ ! -e "$DEVICE" ]; then
    echo "no device"; exit 1
fi
write_coef 0x22 0x1b   # first
write_coef 0x23 0x2c && sleep 1
for i in 0x14 0x15 0x17; do hda-verb $DEVICE $i 0x707 0x40; done
