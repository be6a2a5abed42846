import type { DeveloperSettings } from '../../server/callers/developers/admin/settings.ts'
import type { CorpSettings } from '../../server/organisation/corps/settings.ts'
import { corp, developer } from './settings.table.ts'
import { type Attempt, here, page, type Rule } from './ways.ts'

/** The rules for limits of calls and for the request log. Their forms on pages are not those of the other settings. */

const notOnPages = (attempts: Attempt[]) => attempts.filter(({ way }) => way !== 'page')
const ofDeveloper = (callLimits: object, text: string) =>
  notOnPages(developer({ callLimits } as DeveloperSettings, '--limits', text))
const ofCorp = (callLimits: object, text: string) =>
  notOnPages(corp({ callLimits } as CorpSettings, ['--limits', text], 'set'))

const pages = (limits: object): Attempt[] => [
  page('/web/developers/limits/save', async () => {
    const { version } = (await here.system.get('/web/developers/limits', { devId: here.devId })).body
    return { devId: here.devId, version, limits }
  }),
  page('/web/developers/defaults/save', async () => {
    const { version } = (await here.system.get('/web/developers/defaults')).body
    return { version, requestLogDays: 7, limits }
  }),
]

const limits: Rule[] = [
  [
    'a limit of an unknown group',
    '1000',
    /reads|limits/,
    [
      ...ofDeveloper({ reads: { perMinute: 1 } }, 'reads=1'),
      ...ofCorp({ reads: { perMinute: 1 } }, 'reads=1'),
      ...pages({ reads: { perMinute: 1 } }),
    ],
  ],
  [
    'a limit of no calls',
    '1000',
    /read\.perDay/,
    [
      ...ofDeveloper({ read: { perDay: 0 } }, 'read=/0'),
      ...ofCorp({ read: { perDay: 0 } }, 'read=/0'),
      ...pages({ read: { perDay: 0 } }),
    ],
  ],
]

export const everywhere: [of: string, rules: Rule[]][] = [['limits of calls', limits]]
