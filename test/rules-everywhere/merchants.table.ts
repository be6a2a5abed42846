import {
  addMerchant,
  type NewMerchant,
  removeMerchant,
  setDefaultMerchant,
  setMerchant,
} from '../../server/features/payments/merchants/connect.ts'
import { merchantForm } from '../../server/features/payments/merchants/merchant.fixture.ts'
import { type Attempt, command, feature, here, page, type Rule } from './ways.ts'

/** The rules for what is entered when a merchant of WeChat Pay is connected, and changed later. */

const actor = 'test'
const ctx = () => here.world.ctx
const corpId = () => here.world.corpId
const boundId = () => merchantForm(here.world).mchId
const newId = '1900000700'
const fields = () => ({ ...merchantForm(here.world), mchId: newId })
const typed = () => ['--name', 'x', '--app-ids', 'wx1', '--serial', 'A'.repeat(40)]

/** `words` are typed behind both commands, as long as what they say is no file. */
function merchant(settings: Partial<Omit<NewMerchant, 'mchId'>>, words: string[] | undefined): Attempt[] {
  const attempts = [
    feature(() => addMerchant(ctx(), actor, corpId(), { ...fields(), ...settings })),
    feature(() => setMerchant(ctx(), actor, corpId(), boundId(), settings)),
    page('/web/payments/merchants/add', () => ({ ...fields(), ...settings })),
    page('/web/payments/merchants/save', async () => {
      const mchId = boundId()
      const { version } = (await here.system.get('/web/payments/merchants/merchant', { mchId })).body
      return { ...fields(), mchId, version, ...settings }
    }),
  ]
  if (!words) return attempts
  return [
    ...attempts,
    command(
      'pay',
      'merchant',
      'add',
      newId,
      ...typed(),
      '--private-key',
      () => here.files.privateKey,
      ...words,
    ),
    command('pay', 'merchant', 'set', boundId, ...words),
  ]
}

function file(settings: Partial<NewMerchant>, option: string): Attempt[] {
  return [
    ...merchant(settings, undefined),
    command('pay', 'merchant', 'set', boundId, option, () => here.files.text),
  ]
}

function number(mchId: () => string): Attempt[] {
  return [
    feature(() => addMerchant(ctx(), actor, corpId(), { ...fields(), mchId: mchId() })),
    page('/web/payments/merchants/add', () => ({ ...fields(), mchId: mchId() })),
    command(
      'pay',
      'merchant',
      'add',
      mchId,
      ...typed(),
      '--private-key',
      () => here.files.privateKey,
      '--api-v3-key',
      'k'.repeat(32),
    ),
  ]
}

function unknown(): Attempt[] {
  const mchId = '1900000799'
  const ask = (act: string, more: object = {}) =>
    page(`/web/payments/merchants/${act}`, () => ({ mchId, ...more }))
  return [
    feature(() => setMerchant(ctx(), actor, corpId(), mchId, { name: 'x' })),
    feature(() => setDefaultMerchant(ctx(), actor, corpId(), mchId)),
    feature(() => removeMerchant(ctx(), actor, corpId(), mchId)),
    page('/web/payments/merchants/save', () => ({ ...fields(), mchId, version: 'x' })),
    ask('enable', { enabled: '1' }),
    ask('default'),
    ask('remove', { confirm: mchId }),
    ask('doctor'),
    command('pay', 'merchant', 'set', mchId, '--name', 'x'),
    command('pay', 'merchant', 'set', mchId, '--default'),
    command('pay', 'merchant', 'remove', mchId),
    command('pay', 'merchant', 'doctor', mchId),
  ]
}

const half = 'A'.repeat(39)
const rules: Rule[] = [
  ['a merchant number that is connected', '1000', /已接入/, number(boundId)],
  ['a merchant number that is none', '1000', /商户号应为数字/, number(() => 'mch1')],
  ['a merchant that is not connected', '1000', /没有商户号 1900000799/, unknown()],
  ['a blank name', '1001', /name/, merchant({ name: '  ' }, ['--name', '  '])],
  ['a long name', '1000', /name/, merchant({ name: 'x'.repeat(65) }, ['--name', 'x'.repeat(65)])],
  ['an AppID that is none', '1000', /gh_1 应以/, merchant({ appIds: ['gh_1'] }, ['--app-ids', 'gh_1'])],
  ['no AppID', '1001', /appIds/, merchant({ appIds: [] }, ['--app-ids', ''])],
  ['a serial that is cut off', '1000', /40 位/, merchant({ serial: half }, ['--serial', half])],
  ['an APIv3 key that is cut off', '1000', /32 位/, merchant({ apiV3Key: 'k' }, ['--api-v3-key', 'k'])],
  [
    "an id that is not the public key's",
    '1000',
    /PUB_KEY_ID_/,
    merchant({ publicKeyId: 'KEY_1' }, ['--public-key-id', 'KEY_1']),
  ],
  [
    'a path that is an address',
    '1000',
    /页面路径/,
    merchant({ miniProgram: 'a b' }, ['--mini-program', 'a b']),
  ],
  ['a private key that is none', '1000', /apiclient_key\.pem/, file({ privateKey: 'text' }, '--private-key')],
  ['a public key that is none', '1000', /pub_key\.pem/, file({ publicKey: 'text' }, '--public-key')],
]

export const everywhere: [of: string, rules: Rule[]][] = [['a merchant', rules]]
