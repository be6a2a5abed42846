import type { DeveloperSettings } from '../../server/callers/developers/admin/settings.ts'
import { addDeveloper, setDeveloper } from '../../server/callers/developers/developer-admin.ts'
import { revokeDevice } from '../../server/callers/packets/devices.ts'
import type { Visibility } from '../../server/features/apps/app.ts'
import { type AppSettings, addApp, setApp } from '../../server/features/apps/apps.ts'
import { toEveryone } from '../../server/features/apps/visibility.ts'
import { setAgent } from '../../server/organisation/corps/corp-admin.ts'
import { addCorp, putAgent, setCorp } from '../../server/organisation/corps/corps.ts'
import type { CorpSettings } from '../../server/organisation/corps/settings.ts'
import { type RoleSettings, setRole } from '../../server/organisation/people/administrators.ts'
import { type Attempt, command, feature, here, management, page, type Rule } from './ways.ts'

/** The rules for what an administrator fills into a form or types behind a command. */

const actor = 'test'
const ctx = () => here.world.ctx
const corpId = () => here.world.corpId
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n + 1)
const long = 'x'.repeat(65)
const control = 'a\u0007b'

export function developer(settings: Partial<DeveloperSettings>, ...words: string[]): Attempt[] {
  const form = { name: '开发者', listStyle: 'object', ...settings }
  const shown = async () => (await here.system.get('/web/developers/one', { devId: here.devId })).body
  return [
    feature(() => addDeveloper(ctx(), actor, corpId(), { name: '开发者', ...settings })),
    feature(() => setDeveloper(ctx(), actor, here.devId, settings)),
    page('/web/developers/add', () => form),
    page('/web/developers/save', async () => {
      const { devId, version } = await shown()
      return { ...form, devId, version, enabled: '1' }
    }),
    command('developer', 'add', '--name', '开发者', ...words),
    command('developer', 'set', () => here.devId, ...words),
    ...developerManaged(settings),
  ]
}

function developerManaged({ name = '开发者', ...settings }: Partial<DeveloperSettings>): Attempt[] {
  return [
    management('developer/add', () => ({ name, settings })),
    management('developer/set', () => ({ devId: here.devId, settings: { name, ...settings } })),
  ]
}

const scope = (departments: number[], tags: number[]) => ({ dataScope: { departments, tags } })
const addresses = numbers(201).map(n => `10.0.0.${n}`)

/** Owners have a page call of their own. */
const owned = (owners: string[]): Attempt[] => [
  feature(() => addDeveloper(ctx(), actor, corpId(), { name: '开发者', owners })),
  feature(() => setDeveloper(ctx(), actor, here.devId, { owners })),
  page('/web/developers/owners/save', () => ({ devId: here.devId, owners })),
  command('developer', 'add', '--name', '开发者', '--owners', owners.join()),
  command('developer', 'set', () => here.devId, '--owners', owners.join()),
  ...developerManaged({ owners }),
]

const unknownDevice: Attempt[] = [
  feature(() => revokeDevice(ctx(), actor, { corpId: corpId(), devId: here.devId }, 'nowhere')),
  page('/web/developers/revoke-device', () => ({ devId: here.devId, deviceId: 'nowhere' })),
  command('developer', 'packets', () => here.devId, 'revoke', 'nowhere'),
]

const developers: Rule[] = [
  ['to revoke an unknown device', '1000', /nowhere/, unknownDevice],
  ['a blank name', '1001', /name/, developer({ name: '  ' }, '--name', '  ')],
  ['a long name', '1000', /name/, developer({ name: long }, '--name', long)],
  ['a control character in the name', '1000', /name/, developer({ name: control }, '--name', control)],
  ['an unknown scope', '1000', /rule:all/, developer({ scopes: ['rule:all'] }, '--scopes', 'rule:all')],
  [
    'an end date of a scope that is not there',
    '1000',
    /pay:read/,
    developer(
      { scopes: [], scopeDays: { 'pay:read': '2099-12-31' } },
      '--scopes',
      '',
      '--ends',
      'pay:read=2099-12-31',
    ),
  ],
  [
    'an end date that is none',
    '1000',
    /2099-02-30/,
    developer(
      { scopes: ['pay:read'], scopeDays: { 'pay:read': '2099-02-30' } },
      ...['--scopes', 'pay:read', '--ends', 'pay:read=2099-02-30'],
    ),
  ],
  [
    'an end date that is over',
    '1000',
    /2020-01-01/,
    developer(
      { scopes: ['pay:read'], scopeDays: { 'pay:read': '2020-01-01' } },
      ...['--scopes', 'pay:read', '--ends', 'pay:read=2020-01-01'],
    ),
  ],
  ['an owner who is no member', '1007', /nobody/, owned(['nobody'])],
  ['too many owners', '1000', /20/, owned(numbers(21).map(n => `u${n}`))],
  ['an empty data scope', '1000', /dataScope/, developer(scope([], []), '--departments', '')],
  ['an unknown department', '1005', /99999/, developer(scope([1, 99999], []), '--departments', '1,99999')],
  ['an unknown tag', '1006', /99999/, developer(scope([], [99999]), '--tags', '99999')],
  [
    'a data scope of too many departments',
    '1000',
    /departments/,
    developer(scope(numbers(501), []), '--departments', numbers(501).join()),
  ],
  [
    'a data scope of too many tags',
    '1000',
    /tags/,
    developer(scope([], numbers(501)), '--tags', numbers(501).join()),
  ],
  [
    'an address that is none',
    '1000',
    /10\.0\.0\.x/,
    developer({ allowedIps: ['10.0.0.x'] }, '--ips', '10.0.0.x'),
  ],
  [
    'a network that is none',
    '1000',
    /10\.0\.0\.0\/33/,
    developer({ allowedIps: ['10.0.0.0/33'] }, '--ips', '10.0.0.0/33'),
  ],
  [
    'too many addresses',
    '1000',
    /allowedIps/,
    developer({ allowedIps: addresses }, '--ips', addresses.join()),
  ],
]

const newCorpId = 'ww0000000000000001'

/** `more` is what only one of adding and changing takes. */
export function corp(
  settings: CorpSettings,
  words: string[],
  more: 'add' | 'set' | 'both' = 'both',
): Attempt[] {
  const base = { corpId: newCorpId, name: '企业', contactSecret: here.world?.sandbox.contactSecret ?? 's' }
  const shown = async () => (await here.system.get('/web/corps/one')).body
  const isSecret = settings.contactSecret !== undefined
  const add = [
    feature(() => addCorp(ctx(), actor, { ...base, ...settings })),
    page('/web/corps/add', () => ({ ...base, newCorpId, force: '1', ...settings })),
    command(
      'corp',
      'add',
      '--corp-id',
      newCorpId,
      '--name',
      '企业',
      '--contact-secret',
      's',
      '--no-sync',
      ...words,
    ),
  ]
  const set = [
    feature(() => setCorp(ctx(), actor, corpId(), settings)),
    page(isSecret ? '/web/corps/rotate-secret' : '/web/corps/save', async () => {
      const { version, name } = await shown()
      return { version, name, force: '1', ...settings }
    }),
    command('corp', 'set', ...words),
    management('corp/set', () => ({ settings })),
  ]
  return [...(more === 'set' ? [] : add), ...(more === 'add' ? [] : set)]
}

const publicUrl = (url: string) => corp({ publicUrl: url }, ['--public-url', url])
const longSecret = 's'.repeat(257)

const corps: Rule[] = [
  ['a blank name', '1001', /name/, corp({ name: '  ' }, ['--name', '  '])],
  ['a long name', '1000', /name/, corp({ name: long }, ['--name', long])],
  [
    'a blank contact secret',
    '1001',
    /contactSecret/,
    corp({ contactSecret: ' ' }, ['--contact-secret', ' ']),
  ],
  [
    'a long contact secret',
    '1000',
    /contactSecret/,
    corp({ contactSecret: longSecret }, ['--contact-secret', longSecret]),
  ],
  [
    'a time zone that there is not',
    '1000',
    /timeZone/,
    corp({ timeZone: 'Asia/Peking' }, ['--time-zone', 'Asia/Peking'], 'set'),
  ],
  ['an address that runs a script', '1000', /publicUrl/, publicUrl('javascript:alert(1)')],
  ['an address with a slash at its end', '1000', /publicUrl/, publicUrl('https://wisp.example/')],
  ['an address with parameters', '1000', /publicUrl/, publicUrl('https://wisp.example?a=1')],
  ['an address with a password', '1000', /publicUrl/, publicUrl('https://a:b@wisp.example')],
  ['a long address', '1000', /publicUrl/, publicUrl(`https://wisp.example/${'x'.repeat(250)}`)],
  [
    'a callback token of other signs',
    '1000',
    /Token|callbackToken/,
    corp({ callbackToken: 'a-b' }, ['--callback-token', 'a-b'], 'set'),
  ],
  [
    'a long callback token',
    '1000',
    /Token/,
    corp({ callbackToken: 'a'.repeat(33) }, ['--callback-token', 'a'.repeat(33)], 'set'),
  ],
  [
    'a key of another length',
    '1000',
    /AESKey/,
    corp({ encodingAesKey: 'a'.repeat(42) }, ['--encoding-aes-key', 'a'.repeat(42)], 'set'),
  ],
]

type AgentForm = { name?: string; uses?: string[]; secret?: string }

export function agent(form: AgentForm, ...words: string[]): Attempt[] {
  const whole = { name: '应用', uses: ['signin'], secret: 'secret', ...form }
  const version = async () => {
    const { list } = (await here.system.get('/web/corps/agents')).body
    return list.find((one: { agentId: number }) => one.agentId === here.agentId).version
  }
  return [
    feature(() => putAgent(ctx(), actor, corpId(), { agentId: 424242, ...whole })),
    feature(() => setAgent(ctx(), actor, corpId(), { agentId: here.agentId, ...whole }, undefined)),
    page('/web/corps/agents/add', () => ({ agentId: 424243, ...whole, force: '1' })),
    page('/web/corps/agents/save', async () => ({
      agentId: here.agentId,
      ...whole,
      version: await version(),
      force: '1',
    })),
    command('agent', 'add', '424244', '--secret', 'secret', ...words),
    management('agent/set', () => ({ agentId: 424245, ...whole })),
    management('agent/set', () => ({ agentId: here.agentId, ...whole })),
  ]
}

const agents: Rule[] = [
  ['a blank name', '1001', /name/, agent({ name: ' ' }, '--name', ' ')],
  ['a long name', '1000', /name/, agent({ name: long }, '--name', long)],
  ['an unknown use', '1000', /payments/, agent({ uses: ['payments'] }, '--uses', 'payments')],
  ['a blank secret', '1001', /secret/, agent({ secret: ' ' }, '--secret', ' ')],
  ['a long secret', '1000', /secret/, agent({ secret: longSecret }, '--secret', longSecret)],
]

type PageSettings = Omit<AppSettings, 'visibility' | 'icon'> & { visibility?: object; icon?: string }

/** `onPage`: what a page sends where it differs. */
export function app(
  settings: AppSettings,
  words: (string | (() => string))[],
  onPage: PageSettings = {},
): Attempt[] {
  const { visibility: _, icon: __, ...same } = settings
  const sent = { name: '应用', ...same, ...onPage }
  const version = async () => (await here.system.get('/web/apps/app', { id: here.appId })).body.version
  const attempts = [
    feature(() => addApp(ctx(), actor, corpId(), { name: '应用', ...settings })),
    feature(() => setApp(ctx(), actor, corpId(), here.appId, settings)),
    page('/web/apps/add', () => ({ settings: sent })),
    page('/web/apps/save', async () => ({ id: here.appId, version: await version(), settings: sent })),
    management('app/add', () => ({ name: sent.name, settings: { ...sent, name: undefined } })),
    management('app/set', () => ({ id: here.appId, settings: sent })),
  ]
  if (words.length === 0) return attempts
  return [
    ...attempts,
    command('app', 'add', '--name', '应用', '--no-sync', ...words),
    command('app', 'set', () => here.appId, '--no-sync', ...words),
  ]
}

function visibleTo(to: Partial<Visibility>, sent: object, ...words: string[]): Attempt[] {
  const visibility = { ...toEveryone, everyone: false, ...to }
  const none = { everyone: false, departments: [], userIds: [], tags: [] }
  return app({ visibility }, words, { visibility: { ...none, ...sent } })
}

function icon(bytes: Buffer, file: () => string): Attempt[] {
  return app({ icon: bytes }, ['--icon', file], { icon: bytes.toString('base64') })
}

const longUrl = `https://app.example/${'x'.repeat(2000)}`
const origins = numbers(21).map(n => `https://o${n}.example`)

const apps: Rule[] = [
  ['a blank name', '1001', /name/, app({ name: '  ' }, ['--name', '  '])],
  ['a long name', '1000', /name/, app({ name: long }, ['--name', long])],
  ['a control character in the name', '1000', /name/, app({ name: control }, ['--name', control])],
  ['an unknown developer', '1002', /wd0/, app({ devId: 'wd0' }, ['--developer', 'wd0'])],
  ['a long category', '1000', /category/, app({ category: long }, ['--category', long])],
  [
    'a long description',
    '1000',
    /description/,
    app({ description: 'x'.repeat(501) }, ['--description', 'x'.repeat(501)]),
  ],
  [
    'a home page that runs a script',
    '1000',
    /homeUrl/,
    app({ homeUrl: 'javascript:x' }, ['--home-url', 'javascript:x']),
  ],
  [
    'a home page with a password',
    '1000',
    /mobileUrl/,
    app({ mobileUrl: 'https://u:p@a.example' }, ['--mobile-url', 'https://u:p@a.example']),
  ],
  ['a long home page', '1000', /homeUrl/, app({ homeUrl: longUrl }, ['--home-url', longUrl])],
  [
    'a menu from another scheme',
    '1000',
    /syncUrl/,
    app({ syncMenu: true, syncUrl: 'data:x' }, ['--sync-url', 'data:x']),
  ],
  ['a menu from nowhere', '1001', /syncUrl/, app({ syncMenu: true }, [])],
  ['an origin that is none', '1000', /origins/, app({ origins: ['a.example'] }, ['--origins', 'a.example'])],
  ['too many origins', '1000', /origins/, app({ origins }, ['--origins', origins.join()])],
  [
    'an unknown department',
    '1005',
    /99999/,
    visibleTo({ departments: [99999] }, { departments: [99999] }, '--departments', '99999'),
  ],
  ['an unknown tag', '1006', /99999/, visibleTo({ tags: [99999] }, { tags: [99999] }, '--tags', '99999')],
  [
    'an unknown member',
    '1007',
    /nobody|-1/,
    visibleTo({ memberIds: [-1] }, { userIds: ['nobody'] }, '--members', 'nobody'),
  ],
  ['nobody to see it', '1000', /请选择部门、成员、标签或人群/, visibleTo({}, {}, '--departments', '')],
  [
    'too many departments',
    '1000',
    /departments/,
    visibleTo(
      { departments: numbers(1001) },
      { departments: numbers(1001) },
      '--departments',
      numbers(1001).join(),
    ),
  ],
  ['a picture that is none', '1000', /PNG/, icon(Buffer.from('<svg/>'), () => here.files.text)],
  ['an empty picture', '1000', /空/, icon(Buffer.alloc(0), () => here.files.empty)],
  ['a large picture', '1000', /200000/, icon(Buffer.alloc(200_001), () => here.files.large)],
]

type DepartmentRights = NonNullable<RoleSettings['departments']>

export function role(userId: string, level: RoleSettings['level'], departments: DepartmentRights): Attempt[] {
  const idsOf = (manage: boolean) =>
    departments.filter(one => one.manage === manage).map(one => one.departmentId)
  const version = async () => {
    const { list } = (await here.system.get('/web/directory/roles')).body
    return list.find((one: { userId: string }) => one.userId === userId)?.version
  }
  const parts = (['--manage', '--view'] as const).flatMap(flag => {
    const ids = idsOf(flag === '--manage')
    return ids.length > 0 ? [flag, ids.join()] : []
  })
  return [
    feature(() => setRole(ctx(), actor, corpId(), userId, { level, departments })),
    page('/web/directory/role-set', async () => ({
      version: await version(),
      userId,
      level: String(level),
      departments: departments.map(({ departmentId, manage }) => ({ orgId: String(departmentId), manage })),
    })),
    command('admin', 'role', 'set', userId, '--level', String(level), ...parts),
  ]
}

const manage = (departmentId: number) => ({ departmentId, manage: true })

const roles: Rule[] = [
  ['an unknown member', '1007', /nobody/, role('nobody', 2, [])],
  ['an unknown department', '1005', /99999/, role('lisi', 3, [manage(1), manage(99999)])],
  ['a graded administrator of nothing', '1001', /至少/, role('lisi', 3, [])],
  ['a super administrator of one department', '1000', /全部/, role('lisi', 2, [manage(1)])],
  ['a help desk of one department', '1000', /全体/, role('lisi', 4, [manage(1)])],
  [
    'a department to manage and to view',
    '1000',
    /同一部门/,
    role('lisi', 3, [manage(1), { departmentId: 1, manage: false }]),
  ],
  ['too many departments', '1000', /departments/, role('lisi', 3, numbers(201).map(manage))],
]

export const everywhere: [of: string, rules: Rule[]][] = [
  ['a developer', developers],
  ['a corp', corps],
  ['an agent', agents],
  ['an app', apps],
  ['an administrator', roles],
]
