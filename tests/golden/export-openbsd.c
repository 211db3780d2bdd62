/*
 * Verbs for codec 0x10ec0298, subsystem 0x144dc8ff (Realtek ALC298)
 * made by hdadump 0.1.0 from boot.hdad
 * with sha256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
 *
 * For sys/dev/pci/azalia_codec.c: call it where a quirk of this codec and machine
 * is set, from azalia_codec_init_vtbl()'s callers and azalia_resume_codec().
 */
void
azalia_codec_init_fix_list(codec_t *this)
{
	static const uint16_t verbs[][3] = {
		/* pin 14: config 90170110: Fixed, Speaker, at Int N/A, conn Analog, color Unknown, NO_PRESENCE, assoc 1, seq 0 */
		{ 0x14, 0x71c, 0x0010 },
		{ 0x14, 0x71d, 0x0001 },
		{ 0x14, 0x71e, 0x0017 },
		{ 0x14, 0x71f, 0x0090 },
		/* coef[10] = 0e21 (EAPD control: automatic) */
		{ 0x20, 0x500, 0x0010 },
		{ 0x20, 0x400, 0x0e21 },
		/* pin 14: OUT */
		{ 0x14, 0x707, 0x0040 },
		/* pin 14: EAPD on */
		{ 0x14, 0x70c, 0x0002 },
		/* amp 38: reg 23ff = 1 */
		{ 0x20, 0x500, 0x0022 },
		{ 0x20, 0x400, 0x0038 },
		{ 0x20, 0x500, 0x0023 },
		{ 0x20, 0x400, 0x23ff },
		{ 0x20, 0x400, 0x0000 },
		{ 0x20, 0x400, 0x0001 },
		{ 0x20, 0x400, 0xb011 },
		/* coef[145] = 1234 */
		{ 0x20, 0x500, 0x0145 },
		{ 0x20, 0x400, 0x1234 },
		/* gpio mask 01, gpio direction 01, gpio data 01 */
		{ 0x01, 0x716, 0x0001 },
		{ 0x01, 0x717, 0x0001 },
		{ 0x01, 0x715, 0x0001 },
	};
	uint32_t result;
	int i, err;

	if (this->vid != 0x10ec0298)
		return;
	for (i = 0; i < nitems(verbs); i++) {
		err = azalia_comresp(this, verbs[i][0], verbs[i][1],
		    verbs[i][2], &result);
		if (err)
			return;
	}
}
