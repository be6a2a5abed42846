import { type Corps, publicUrlOf } from '../../../organisation/corps/corps.ts'
import { checkOn } from '../../../organisation/corps/features/check-on.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { type Roles, roleLevel } from '../../../organisation/directory/permissions/person.ts'
import { memberOf } from '../../../organisation/people/administrators.ts'
import { record } from '../../../platform/audit/audit.ts'
import { changesOf } from '../../../platform/audit/changes.ts'
import { boundGrants } from '../../../platform/audit/grants.ts'
import type { Core } from '../../../platform/core.ts'
import { referToFile } from '../../../platform/files/files.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { checkVersion } from '../../../platform/http/form-version.ts'
import { checkRequired, readName, readSet } from '../../../platform/http/rules.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { signal } from '../../../platform/storage/bus.ts'
import { dropSetting } from '../../../platform/storage/settings.ts'
import type { Tables } from '../../../platform/storage/tables.ts'
import type { Words } from '../../../platform/words.ts'
import { forgetCredentials } from '../../../upstream/transport/credentials.ts'
import {
  checkAesKey,
  checkCallbackToken,
  randomText,
} from '../../../upstream/transport/push/callback-keys.ts'
import {
  type Account,
  type AccountKind,
  type Accounts,
  accountKinds,
  type CallbackMode,
  callbackModes,
  credentialOwner,
  isOriginalId,
  unknownAccount,
} from './accounts.ts'
import { accountMemberGrants } from './granted-store.ts'
import { purposes } from './sealed.ts'
import * as store from './store.ts'

type Needs = Core & { corps: Corps; accounts: Accounts; offered: FeatureOffers }

export type AccountSettings = {
  name?: string | undefined
  appId?: string | undefined
  secret?: string | undefined
  kind?: AccountKind | undefined
  verified?: boolean | undefined
  mode?: CallbackMode | undefined
  token?: string | undefined
  encodingAesKey?: string | undefined
  enabled?: boolean | undefined
  /** The hash of a stored file; null: the icon is drawn from the name. */
  iconHash?: string | null | undefined
}

export type NewAccount = Omit<AccountSettings, 'enabled'> & {
  name: string
  originalId: string
  appId: string
  secret: string
}

/** Where the setting stands that keeps the last examination of an account. */
export const diagnosisKey = (originalId: string) => `official-doctor:${originalId}`

const secretAtMost = 128
const grantsAtMost = 100

/**
 * Binds an account (添加绑定, docs/interface/official-accounts.md#binding-an-account). WeChat is asked nothing: the doctor tests
 * what was entered. Token and EncodingAESKey are made unless given; kind and verification default to an unverified service
 * account. Throws 1000, 1001 and 1009.
 */
export async function bindAccount(
  ctx: Needs,
  actor: string,
  corpId: string,
  settings: NewAccount,
): Promise<Account> {
  ctx.corps.get(corpId)
  checkOn(ctx, corpId, 'official')
  const { originalId } = settings
  if (!isOriginalId(originalId))
    throw new ApiError('badParameter', {
      zh: '原始 ID 应以 gh_ 开头，后面是字母或数字',
      en: 'the original id should be gh_ followed by letters or digits',
    })
  checkSettings(settings)
  const { seal } = ctx
  await ctx.db.transaction().execute(async tx => {
    if (settings.iconHash) await referToFile(ctx, tx, corpId, 'icon', settings.iconHash)
    const isNew = await store.insertAccount(tx, {
      corp_id: corpId,
      original_id: originalId,
      name: readName(settings.name),
      app_id: settings.appId,
      secret: seal.seal(settings.secret, purposes.secret),
      kind: settings.kind ?? 'service',
      verified: settings.verified ?? false,
      mode: settings.mode ?? 'secure',
      callback_token: seal.seal(settings.token ?? randomText(24), purposes.callbackToken),
      callback_aes_key: seal.seal(settings.encodingAesKey ?? randomText(43), purposes.callbackAesKey),
      icon_hash: settings.iconHash ?? null,
      secret_at: new Date(ctx.now()),
      created_at: new Date(ctx.now()),
    })
    if (!isNew)
      throw new ApiError('badParameter', {
        zh: told`原始 ID ${originalId} 已绑定`,
        en: told`the original id ${originalId} is bound already`,
      })
    const detail = { name: readName(settings.name), appId: settings.appId }
    await record(tx, ctx, { corpId, actor, act: 'official.bind', target: originalId, detail })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
  return ctx.accounts.get(corpId, originalId)
}

/** `expected` is the version of the form that was filled (form-version.ts). Throws 1000, 1001 and 1009. */
export async function setAccount(
  ctx: Needs,
  actor: string,
  corpId: string,
  originalId: string,
  settings: AccountSettings,
  expected?: string,
): Promise<Account> {
  checkOn(ctx, corpId, 'official')
  checkSettings(settings)
  const { seal } = ctx
  const { name, appId, secret, token, encodingAesKey, iconHash, ...plain } = settings
  const given: { [Column in keyof store.AccountRow]?: store.AccountRow[Column] | undefined } = {
    ...plain,
    ...(name === undefined ? {} : { name: readName(name) }),
    ...(appId === undefined ? {} : { app_id: appId }),
    ...(iconHash === undefined ? {} : { icon_hash: iconHash }),
    ...(secret === undefined
      ? {}
      : { secret: seal.seal(secret, purposes.secret), secret_at: new Date(ctx.now()) }),
    ...(token === undefined ? {} : { callback_token: seal.seal(token, purposes.callbackToken) }),
    ...(encodingAesKey === undefined
      ? {}
      : { callback_aes_key: seal.seal(encodingAesKey, purposes.callbackAesKey) }),
  }
  const change = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Partial<store.AccountRow>
  await ctx.db.transaction().execute(async tx => {
    const before = await store.lockAccount(tx, corpId, originalId)
    if (!before) throw unknownAccount(originalId)
    checkVersion(accountForm(before), expected)
    if (change.icon_hash) await referToFile(ctx, tx, corpId, 'icon', change.icon_hash)
    await store.updateAccount(tx, corpId, originalId, change)
    if (change.secret || change.app_id) await forgetCredentials(tx, corpId, credentialOwner(originalId))
    const { secret_at: _at, ...told } = change
    const changes = changesOf(before, told, ['secret', 'callback_token', 'callback_aes_key'])
    await record(tx, ctx, { corpId, actor, act: 'official.set', target: originalId, detail: { changes } })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
  return ctx.accounts.get(corpId, originalId)
}

/** The fields of the form; its version tells whether somebody else has changed it since. */
export function accountForm(row: store.AccountRow): object {
  const { callback_verified_at: _verified, seen_original_id: _seen, pushed_at: _pushed, ...form } = row
  return form
}

/** What people would miss; each feature has its line here. Everything else that names the account goes too. */
const goes: readonly { table: keyof Tables; name: Words }[] = [
  { table: 'official_follower', name: { zh: '粉丝', en: 'followers' } },
  { table: 'official_talk', name: { zh: '会话消息', en: 'messages in conversations' } },
  { table: 'official_send', name: { zh: '发送记录', en: 'records of sends' } },
  { table: 'official_qr_code', name: { zh: '二维码', en: 'QR codes' } },
  { table: 'official_menu_version', name: { zh: '菜单版本', en: 'versions of the menu' } },
  { table: 'official_rule', name: { zh: '自动回复规则', en: 'rules of automatic replies' } },
  { table: 'official_flow', name: { zh: '自动回复流程', en: 'flows of automatic replies' } },
  { table: 'official_mass', name: { zh: '群发', en: 'mass messages' } },
  { table: 'official_publish', name: { zh: '发布记录', en: 'publications' } },
  { table: 'official_template_send', name: { zh: '模板消息记录', en: 'records of template messages' } },
  { table: 'official_tick', name: { zh: '订阅通知的选择', en: 'answers to subscription notices' } },
  { table: 'official_quick_reply', name: { zh: '快捷回复', en: 'quick replies' } },
  { table: 'inbox_event', name: { zh: '推送记录', en: 'pushes' } },
]

/** What `removeAccount` deletes, for the question before it; kinds without any rows are left out. */
export async function whatGoes(
  ctx: Needs,
  corpId: string,
  originalId: string,
): Promise<{ name: Words; count: number }[]> {
  ctx.accounts.get(corpId, originalId)
  const counted = await Promise.all(
    goes.map(async ({ table, name }) => ({
      name,
      count: await store.countOf(ctx.db, table, corpId, originalId),
    })),
  )
  return counted.filter(one => one.count > 0)
}

/** Unbinds an account, with everything that was kept of it. */
export async function removeAccount(
  ctx: Needs,
  actor: string,
  corpId: string,
  originalId: string,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const before = await store.lockAccount(tx, corpId, originalId)
    if (!before) throw unknownAccount(originalId)
    await store.deleteAccount(tx, corpId, originalId)
    await forgetCredentials(tx, corpId, credentialOwner(originalId))
    await dropSetting(tx, diagnosisKey(originalId))
    const entry = {
      corpId,
      actor,
      act: 'official.remove' as const,
      target: originalId,
      targetName: before.name,
    }
    await record(tx, ctx, { ...entry, detail: {} })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

/** What the form of those whom an account is given to was filled from. */
export function grantsForm(memberIds: Iterable<number>): object {
  return { members: [...memberIds].sort((a, b) => a - b) }
}

/**
 * Gives an account to graded administrators and people with own roles, who else do not see it. `expected` is the version of the form that was filled
 * (form-version.ts). Throws 1000, 1007 and 1009.
 */
export async function grantAccount(
  ctx: Needs & { mirrors: Mirrors; roles: Roles },
  actor: string,
  corpId: string,
  originalId: string,
  userIds: readonly string[],
  expected?: string,
): Promise<void> {
  checkOn(ctx, corpId, 'official')
  const members = readSet(userIds, 'userIds', grantsAtMost).map(userId => memberOf(ctx, corpId, userId))
  for (const { id, userId } of members)
    if (ctx.roles.of(id)?.level !== roleLevel.graded && ctx.roles.grantsOf(corpId, id).length === 0)
      throw new ApiError('badParameter', {
        zh: told`${userId} 不是分级管理员，也没有自定义角色`,
        en: told`${userId} is not a graded administrator and has no own role`,
      })
  const given = members.map(member => member.id)
  await ctx.db.transaction().execute(async tx => {
    const before = await store.lockAccount(tx, corpId, originalId)
    if (!before) throw unknownAccount(originalId)
    const had = await store.grantsOf(tx, corpId, originalId)
    checkVersion(grantsForm(had), expected)
    await store.replaceGrants(tx, corpId, originalId, given)
    const keys = [...had, ...given].map(id => `${originalId}/${id}`)
    const grants = await boundGrants(tx, accountMemberGrants, corpId, keys)
    const detail = { members: members.map(member => member.userId), grants }
    await record(tx, ctx, { corpId, actor, act: 'official.grant', target: originalId, detail })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

/** Returns what is pasted into WeChat's own console, 设置与开发 → 基本配置 → 服务器配置 (docs/interface/official-accounts.md#callback). */
export function callbackSettings(
  ctx: Core & { corps: Corps },
  account: Account,
): { callbackUrl: string; token: string; encodingAesKey: string; mode: CallbackMode } {
  const base = publicUrlOf(ctx, ctx.corps.find(account.corpId))
  return { callbackUrl: `${base}/admin/publicMessage/callback`, ...account.callback, mode: account.mode }
}

/** Other accounts with the same callback token: WeChat's verification of the URL cannot tell them apart. */
export function sharingToken(ctx: { accounts: Accounts }, account: Account): Account[] {
  return ctx.accounts
    .all()
    .filter(one => one.originalId !== account.originalId && one.callback.token === account.callback.token)
}

function checkSettings(settings: AccountSettings): void {
  const { name, appId, secret, kind, mode, token, encodingAesKey } = settings
  if (name !== undefined) readName(name)
  if (appId !== undefined && !/^wx[0-9a-zA-Z]{1,32}$/.test(appId))
    throw new ApiError('badParameter', {
      zh: 'AppID 应以 wx 开头，后面是字母或数字',
      en: 'the AppID should be wx followed by letters or digits',
    })
  if (secret !== undefined) checkRequired(secret, 'secret', secretAtMost)
  checkChoice('kind', kind, accountKinds)
  checkChoice('mode', mode, callbackModes)
  if (token !== undefined) checkCallbackToken(token, 'token')
  if (encodingAesKey !== undefined) checkAesKey(encodingAesKey)
}

function checkChoice(name: string, value: string | undefined, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value)) return
  throw new ApiError('badParameter', {
    zh: told`${own(name)} 应为 ${own(choices.join('、'))} 之一`,
    en: told`${own(name)} should be one of ${own(choices.join(', '))}`,
  })
}
