import { bindAccount, type NewAccount, setAccount } from '../../server/features/official/accounts/bind.ts'
import { putSiteFile } from '../../server/features/official/site-files/site-files.ts'
import { fileUses, storeFile } from '../../server/platform/files/files.ts'
import { type Attempt, command, feature, here, page, type Rule } from './ways.ts'

/** The rules for what is entered when an official account is bound, and changed later. */

const actor = 'test'
const ctx = () => here.world.ctx
const corpId = () => here.world.corpId
const originalId = 'gh_bound'
const fields = { name: '公众号', appId: 'wx1', secret: 'secret', kind: 'service' } as const
const typed = ['--name', '公众号', '--app-id', 'wx1', '--secret', 's', '--original-id', 'gh_new']

/** `words` are typed behind both commands; `form` is what the page says instead, where its fields are named otherwise. */
function account(
  settings: Partial<Omit<NewAccount, 'originalId'>>,
  words: string[],
  form: object = settings,
): Attempt[] {
  return [
    feature(() => bindAccount(ctx(), actor, corpId(), { ...fields, originalId: 'gh_new', ...settings })),
    feature(() => setAccount(ctx(), actor, corpId(), originalId, settings)),
    page('/web/official/account/bind', () => ({ ...fields, originalId: 'gh_new', ...form })),
    page('/web/official/account/save', async () => {
      const { version } = (await here.system.get('/web/official/account', { originalId })).body
      return { ...fields, originalId, version, ...form }
    }),
    command('official', 'add', ...typed, ...words),
    command('official', 'set', originalId, ...words),
  ]
}

function identity(given: string): Attempt[] {
  return [
    feature(() => bindAccount(ctx(), actor, corpId(), { ...fields, originalId: given })),
    page('/web/official/account/bind', () => ({ ...fields, originalId: given })),
    command('official', 'add', ...typed, '--original-id', given),
  ]
}

function unknown(): Attempt[] {
  const id = 'gh_nobody'
  const ask = (path: string, more: object = {}) => page(path, () => ({ originalId: id, ...more }))
  return [
    feature(() => setAccount(ctx(), actor, corpId(), id, { name: 'x' })),
    ask('/web/official/account/save', { ...fields, version: 'x' }),
    ask('/web/official/account/enable', { enabled: '1' }),
    ask('/web/official/account/remove', { confirm: id }),
    ask('/web/official/account/grant', { userIds: [] }),
    ask('/web/official/account/doctor'),
    ask('/web/official/rid', { rid: '0' }),
    command('official', 'set', id, '--name', 'x'),
    command('official', 'remove', id),
    command('official', 'doctor', id),
  ]
}

function icon(bytes: Buffer, file: () => string): Attempt[] {
  return [
    feature(() => storeFile(ctx(), corpId(), 'icon', bytes)),
    page('/web/files/upload', () => ({ use: 'icon', content: bytes.toString('base64') })),
    command('official', 'add', ...typed, '--icon', file),
    command('official', 'set', originalId, '--icon', file),
  ]
}

function siteFile(name: string, content: string): Attempt[] {
  return [
    feature(() => putSiteFile(ctx(), actor, corpId(), { name, content })),
    page('/web/official/site-files/put', () => ({ name, content })),
  ]
}

const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
const nowhere = 'a'.repeat(64)

const accounts: Rule[] = [
  ['an original id that is bound', '1000', /已绑定/, identity(originalId)],
  ['an original id that is none', '1000', /gh_/, identity('wx_not_gh')],
  ['an account that is not bound', '1000', /没有公众号 gh_nobody/, unknown()],
  ['a blank name', '1001', /name/, account({ name: '  ' }, ['--name', '  '])],
  ['a long name', '1000', /name/, account({ name: 'x'.repeat(65) }, ['--name', 'x'.repeat(65)])],
  ['an AppID that is none', '1000', /AppID/, account({ appId: 'ww1' }, ['--app-id', 'ww1'])],
  ['a blank secret', '1001', /secret/, account({ secret: ' ' }, ['--secret', ' '])],
  [
    'a Token with other characters',
    '1000',
    /token/i,
    account({ token: 'a-b' }, ['--token', 'a-b'], { callbackToken: 'a-b' }),
  ],
  [
    'an EncodingAESKey that is too short',
    '1000',
    /encodingAesKey/i,
    account({ encodingAesKey: 'short' }, ['--encoding-aes-key', 'short']),
  ],
  ['an icon with scripts', '1000', /PNG/, icon(svg, () => here.files.text)],
  [
    'an empty icon',
    '1000',
    /PNG/,
    // On the page it is a field that was left out.
    icon(Buffer.alloc(0), () => here.files.empty).filter(one => one.way !== 'page'),
  ],
  [
    'an icon that nobody stored',
    '1000',
    /不存在/,
    account({ iconHash: nowhere }, []).filter(one => one.way !== 'command'),
  ],
  ['a file for the root by another name', '1000', /文件名/, siteFile('robots.txt', 'x')],
  ['a file for the root that is no proof', '1000', /字母和数字/, siteFile('MP_verify_x.txt', '<html>')],
]

/** Of the largest icon that is allowed one byte more. */
export const largeIcon = Buffer.concat([
  Buffer.from('89504e470d0a1a0a', 'hex'),
  Buffer.alloc(fileUses.icon.bytesAtMost),
])

const large: Rule[] = [['a large icon', '1000', /1048576/, icon(largeIcon, () => here.files.largePng)]]

export const everywhere: [of: string, rules: Rule[]][] = [['an official account', [...accounts, ...large]]]
