import type { Sessions } from '../../callers/sessions/sessions.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { registerBrandPages } from './brand-pages.ts'
import * as calls from './branding-calls.ts'
import { type Brands, createBrands } from './brands.ts'
import { brandCommands } from './commands.ts'
import { brandRetention } from './retention.ts'
import { brandSection } from './settings-section.ts'

type Needs = Core & { corps: Corps; sessions: Sessions }
type Services = { brands: Brands }

/** How an organisation's own pages and mails look: name, logo, colour, and what Chinese law wants at their foot. */
export const brandingFeature = feature<Needs, Services>()({
  name: 'branding',
  pageCalls: [
    calls.showBrand,
    calls.showCommonBrand,
    calls.saveBrand,
    calls.saveCommonBrand,
    calls.resetBrandCall,
    calls.resetCommonBrand,
    calls.brandColours,
  ],
  routes: registerBrandPages,
  commands: brandCommands,
  commandGroups: {
    brand: {
      zh: '显示和修改外观：名称、标志、颜色与备案号',
      en: 'Show and change the look: name, logo, colour and filing numbers',
    },
  },
  settings: { brand: brandSection },
  tables: brandRetention,
  create: ctx => ({ brands: createBrands(ctx) }),
  readers: ({ brands }) => [brands],
})
