import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkSchema } from '../../../organisation/corps/doctor/check.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../../organisation/directory/permissions/person.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { versionOf } from '../../../platform/http/form-version.ts'
import {
  choice,
  flag,
  optionalChoice,
  optionalIds,
  optionalText,
  text,
} from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { told, wordsOfOthers } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { type Language, languageOf } from '../../../platform/words.ts'
import { ridDetail } from '../../../upstream/official/calls/diagnosis.ts'
import { accountFor } from './access.ts'
import { type Accounts, accountKinds, callbackModes, unknownAccount } from './accounts.ts'
import {
  accountForm,
  bindAccount,
  callbackSettings,
  grantAccount,
  grantsForm,
  removeAccount,
  setAccount,
  sharingToken,
  whatGoes,
} from './bind.ts'
import { attempt } from './doctor/attempt.ts'
import { examineAccount, lastExamination } from './doctor/doctor.ts'
import { knownAddresses } from './doctor/store.ts'
import { allAccounts } from './store.ts'

type Needs = Core & { corps: Corps; accounts: Accounts; offered: FeatureOffers }

/** Binding shows Token and EncodingAESKey, so graded administrators are left out, whatever was given to them. */
const access = administrator('super')

const originalId = text('原始 ID（gh_…）', { max: 64 })
const version = text('页面所见的版本', { max: 64 })
const iconHash = optionalText('图标的 SHA-256；空为按名称生成', { max: 64 })
const verified = flag('1: 已通过微信认证')
const mode = optionalChoice('加解密方式', callbackModes)
const callbackToken = optionalText('Token，3 到 32 位字母或数字', { max: 32 })
const encodingAesKey = optionalText('EncodingAESKey，43 位字母或数字', { max: 43 })

const detailSchema = Type.Object({
  originalId: Type.String(),
  name: Type.String(),
  appId: Type.String(),
  kind: Type.Enum(accountKinds),
  verified: Type.Boolean(),
  enabled: Type.Boolean(),
  mode: Type.Enum(callbackModes),
  iconHash: Type.Union([Type.String(), Type.Null()]),
  /** When the secret was stored; the secret itself is never sent. */
  secretAt: time,
  callback: Type.Object({ url: Type.String(), token: Type.String(), encodingAesKey: Type.String() }),
  callbackVerifiedAt: Type.Union([time, Type.Null()]),
  /** Names of other accounts with the same Token. */
  sharing: Type.Array(Type.String()),
  /** From which WeChat or WeCom saw the nodes call. */
  addresses: Type.Array(Type.String()),
  grants: Type.Array(Type.Object({ userId: Type.String(), name: Type.String() })),
  version: Type.String(),
  grantsVersion: Type.String(),
  diagnosis: Type.Union([Type.Object({ at: time, checks: Type.Array(checkSchema) }), Type.Null()]),
})
export type AccountDetail = Static<typeof detailSchema>

export const showAccount = pageCall({
  method: 'GET',
  path: '/web/official/account',
  point: 'official:edit',
  access,
  directory: true,
  input: { originalId },
  output: detailSchema,
  handle: (ctx: Needs & { mirrors: Mirrors }, { input, corpId, request }) =>
    detailOf(ctx, corpId, input.originalId, languageOf(request.headers['accept-language'])),
})

async function detailOf(
  ctx: Needs & { mirrors: Mirrors },
  corpId: string,
  id: string,
  language: Language,
): Promise<AccountDetail> {
  const account = ctx.accounts.get(corpId, id)
  const [rows, addresses, diagnosis] = await Promise.all([
    allAccounts(ctx.db, corpId),
    knownAddresses(ctx.db, account),
    lastExamination(ctx, id, language),
  ])
  const row = rows.find(one => one.original_id === id)
  if (!row) throw unknownAccount(id)
  const { callbackUrl: url, token, encodingAesKey } = callbackSettings(ctx, account)
  const { members } = ctx.mirrors.of(corpId)
  const { name, appId, kind, verified, enabled, mode, iconHash, callbackVerifiedAt } = account
  return {
    originalId: id,
    name,
    appId,
    kind,
    verified,
    enabled,
    mode,
    iconHash,
    callbackVerifiedAt,
    secretAt: row.secret_at,
    callback: { url, token, encodingAesKey },
    sharing: sharingToken(ctx, account)
      .filter(one => one.corpId === corpId)
      .map(one => one.name),
    addresses,
    grants: [...account.grants].flatMap(id => {
      const member = members.byId(id)
      return member ? [{ userId: member.userId, name: member.name }] : []
    }),
    version: versionOf(accountForm(row)),
    grantsVersion: versionOf(grantsForm(account.grants)),
    diagnosis: diagnosis ?? null,
  }
}

export const bindAccountCall = pageCall({
  method: 'POST',
  path: '/web/official/account/bind',
  point: 'official:edit',
  access,
  input: {
    originalId,
    name: text('公众号名称', { max: 64 }),
    appId: text('公众号 APPID', { max: 64 }),
    secret: text('密钥', { max: 128 }),
    kind: choice('类型', accountKinds),
    verified,
    iconHash,
    mode,
    callbackToken,
    encodingAesKey,
  },
  output: Type.Object({ originalId: Type.String() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const { callbackToken: token, iconHash = null, ...rest } = input
    await bindAccount(ctx, visitor.actor, corpId, { ...rest, iconHash, token })
    return { originalId: input.originalId }
  },
})

/** Saves an account. What is left out stays; an empty `iconHash` has the icon drawn from the name. */
export const saveAccount = pageCall({
  method: 'POST',
  path: '/web/official/account/save',
  point: 'official:edit',
  access,
  input: {
    originalId,
    version,
    name: text('公众号名称', { max: 64 }),
    appId: text('公众号 APPID', { max: 64 }),
    secret: optionalText('新的密钥，空为不变', { max: 128 }),
    kind: choice('类型', accountKinds),
    verified,
    iconHash,
    mode,
    callbackToken,
    encodingAesKey,
  },
  output: Type.Object({ originalId: Type.String() }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const { originalId: id, version, callbackToken: token, iconHash = null, ...rest } = input
    await setAccount(ctx, visitor.actor, corpId, id, { ...rest, iconHash, token }, version)
    return { originalId: id }
  },
})

export const enableAccount = pageCall({
  method: 'POST',
  path: '/web/official/account/enable',
  point: 'official:edit',
  access,
  input: { originalId, enabled: flag('1 启用，0 停用：不再接收推送，也不发送') },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    await setAccount(ctx, visitor.actor, corpId, input.originalId, { enabled: input.enabled })
    return {}
  },
})

export const accountRemoval = pageCall({
  method: 'GET',
  path: '/web/official/account/removal',
  point: 'official:edit',
  access,
  input: { originalId },
  output: Type.Object({ goes: Type.Array(Type.Object({ name: Type.String(), count: Type.Number() })) }),
  async handle(ctx: Needs, { input, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const counted = await whatGoes(ctx, corpId, input.originalId)
    return { goes: counted.map(({ name, count }) => ({ name: name[language], count })) }
  },
})

export const removeAccountCall = pageCall({
  method: 'POST',
  path: '/web/official/account/remove',
  point: 'official:edit',
  access,
  input: { originalId, confirm: text('再次输入原始 ID', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    if (input.confirm !== input.originalId)
      throw new ApiError('badParameter', {
        zh: told`confirm 应为要解绑的原始 ID ${input.originalId}；没有解绑`,
        en: told`confirm should be the original id to be unbound, ${input.originalId}; nothing was unbound`,
      })
    await removeAccount(ctx, visitor.actor, corpId, input.originalId)
    return {}
  },
})

export const grantAccountCall = pageCall({
  method: 'POST',
  path: '/web/official/account/grant',
  point: 'role:edit',
  access,
  directory: true,
  input: {
    originalId,
    userIds: optionalIds('分级管理员', { max: 100 }),
    version: optionalText('页面所见的版本', { max: 64 }),
  },
  output: Type.Object({}),
  async handle(ctx: Needs & { mirrors: Mirrors; roles: Roles }, { input, visitor, corpId }) {
    const { originalId, userIds, version } = input
    await grantAccount(ctx, visitor.actor, corpId, originalId, userIds, version)
    return {}
  },
})

/** Calls WeChat from every node; takes some seconds, and half a minute when WeChat is silent. */
export const examineAccountCall = pageCall({
  method: 'POST',
  path: '/web/official/account/doctor',
  point: 'official:edit',
  access,
  outgoing: true,
  input: { originalId },
  output: Type.Object({ ok: Type.Boolean(), at: time, checks: Type.Array(checkSchema) }),
  async handle(ctx: Needs, { input, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const { ok, checks } = await examineAccount(ctx, corpId, input.originalId, language)
    return { ok, at: new Date(ctx.now()), checks }
  },
})

/** What WeChat knows of a call that it refused, by the rid in its error text. */
export const showRid = pageCall({
  method: 'POST',
  path: '/web/official/rid',
  access: administrator('graded'),
  point: 'official:read',
  outgoing: true,
  input: { originalId, rid: text('rid', { max: 64 }) },
  output: Type.Object({
    at: time,
    ms: Type.Number(),
    url: Type.String(),
    request: Type.String(),
    response: Type.String(),
    fromIp: Type.String(),
  }),
  async handle(ctx: Needs, { input, visitor, corpId }) {
    const { client } = accountFor(ctx, visitor, corpId, input.originalId)
    const found = await attempt(() => ridDetail(client, input.rid))
    if ('value' in found) return found.value
    throw new ApiError('upstream', wordsOfOthers(found.why))
  },
})
