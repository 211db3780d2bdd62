VERBS=(
  0x20 0x500 0x7   # one
  0x20 0x400 0x200 # don't
)
for ((i=0; i<${#VERBS[@]}; i+=3)); do
  hda-verb /dev/snd/hwC0D0 ${VERBS[i]} ${VERBS[i+1]} ${VERBS[i+2]}
done
