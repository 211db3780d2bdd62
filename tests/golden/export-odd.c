/*
 * Verbs for codec 0x11020011, subsystem 0x11020010 (Creative CA0132)
 * made by hdadump 0.1.0 from a capture's "name" <&> $(touch x) `y`
 *
 * For sys/dev/pci/azalia_codec.c: call it where a quirk of this codec and machine
 * is set, from azalia_codec_init_vtbl()'s callers and azalia_resume_codec().
 */
void
azalia_codec_init_odd_list(codec_t *this)
{
	static const uint16_t verbs[][3] = {
		/* node 00: D1 */
		{ 0x00, 0x705, 0x0001 },
		/* pin 85: OUT */
		{ 0x85, 0x707, 0x0040 },
		/* hic address low 1234 */
		{ 0x15, 0x000, 0x1234 },
		/* pin 14: OUT */
		{ 0x14, 0x707, 0x0040 },
	};
	uint32_t result;
	int i, err;

	if (this->vid != 0x11020011)
		return;
	for (i = 0; i < nitems(verbs); i++) {
		err = azalia_comresp(this, verbs[i][0], verbs[i][1],
		    verbs[i][2], &result);
		if (err)
			return;
	}
}
