import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { settingsSection } from '../../platform/manifest/settings-section.ts'
import { setBrand } from './set-brand.ts'
import { emptyBrand, readBrand } from './store.ts'

const line = Type.String({ maxLength: 2000 })

/** Branding in the file of settings, without the logo. */
export const brandSection = settingsSection({
  shape: Type.Object(
    {
      name: line,
      colour: line,
      icpNumber: line,
      policeNumber: line,
      privacyUrl: line,
      privacyText: Type.String({ maxLength: 200_000 }),
    },
    { additionalProperties: false },
  ),
  async read(ctx: Core & { corps: Corps }, corpId) {
    const row = (await readBrand(ctx.db, corpId)) ?? emptyBrand(corpId)
    const { name, colour, icpNumber, policeNumber, privacyUrl, privacyText } = row
    return [{ name, colour, icpNumber, policeNumber, privacyUrl, privacyText }]
  },
  set: (ctx, actor, corpId, _key, change) => setBrand(ctx, actor, corpId, change),
})
