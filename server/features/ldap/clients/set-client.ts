import { randomBytes } from 'node:crypto'
import type { Corps } from '../../../organisation/corps/corps.ts'
import { checkStaysOn } from '../../../organisation/corps/features/check-on.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { nameGroups } from '../../../organisation/groups/groups.ts'
import { perform } from '../../../platform/acts/perform.ts'
import { changesOf } from '../../../platform/audit/changes.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { readSet } from '../../../platform/http/rules.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Acr } from '../../app-sign-in/app-sign-in.ts'
import type { AppSignIns } from '../../app-sign-in/catalog.ts'
import { locked, staleWords } from '../../apps/apps.ts'
import type { Apps } from '../../apps/catalog.ts'
import { type CardNeeds, checkCardsLeave } from '../card/ask.ts'
import { groupsAtMost, type LdapClient, type LdapField, ldapFields, personalFields } from '../tree/client.ts'
import type { LdapClients } from './catalog.ts'
import * as store from './client-store.ts'

export const ldapFeature = 'ldap'

export type KnownClientNeeds = Core & {
  apps: Apps
  appSignIns: AppSignIns
  corps: Corps
  ldapClients: LdapClients
  offered: FeatureOffers
}
export type ClientNeeds = KnownClientNeeds & CardNeeds & { mirrors: Mirrors }

/** Who sets it. `isLimited`: a program, or somebody who may not export members; they add no personal data to what a client reads. */
export type ClientSetter = { actor: string; isLimited?: boolean | undefined }

/** What is given of it is changed. */
export type ClientSettings = {
  name?: string | undefined
  everyone?: boolean | undefined
  departments?: readonly number[] | undefined
  fields?: readonly string[] | undefined
  memberGroups?: readonly number[] | undefined
  card?: boolean | undefined
}

const departmentsAtMost = 100

/**
 * Makes or changes the LDAP client of an app. Returns the password by which a new one binds, which is shown only this once. Throws 1000,
 * 1001, 1005, 1006, 1008, 1009, and 409 for a `version` that is not the stored one.
 */
export async function setClient(
  ctx: ClientNeeds,
  by: ClientSetter,
  corpId: string,
  appId: string,
  settings: ClientSettings,
  version?: number,
): Promise<{ client: LdapClient; secret: string }> {
  await ctx.mirrors.load(corpId)
  if (settings.card && !ctx.ldapClients.ofApp(appId)?.card) await checkCardsLeave(ctx, corpId, appId)
  const secret = await perform(ctx, { act: 'ldap.client.set', actor: by.actor, corpId }, async tx => {
    await checkStaysOn(tx, ctx, corpId, ldapFeature)
    const app = await locked(tx, corpId, appId)
    if (app.builtin) throw noLdapApp(app.name)
    // Groups are locked before clients, as where departments end.
    await nameGroups(tx, corpId, settings.memberGroups, ctx.ldapClients.ofApp(appId)?.memberGroups)
    const before = await store.lockClient(tx, corpId, appId)
    if (version !== undefined && version !== (before?.version ?? 0))
      throw new ApiError(
        'badParameter',
        staleWords(ctx, before?.updatedBy ?? '', before?.updatedAt ?? new Date(ctx.now())),
        { status: 409 },
      )
    const made = before ? undefined : newSecret()
    const read = {
      ...readSettings(ctx, by, corpId, settings, before),
      appId,
      corpId,
      secretHash: made ? hashOf(ctx, appId, made) : (before?.secretHash ?? ''),
      updatedAt: new Date(ctx.now()),
      updatedBy: by.actor,
    }
    const client = { ...read, card: settings.card ?? before?.card ?? false }
    checkApp(ctx, app, client.card ? 2 : 1)
    await checkFree(tx, client)
    await store.putClient(tx, client)
    const shown = ({ name, everyone, departments, fields, memberGroups, card }: Partial<LdapClient>) => ({
      name,
      everyone,
      departments,
      ldapFields: fields,
      ldapGroups: memberGroups,
      ldapCard: card,
    })
    const detail = { changes: changesOf(before ? shown(before) : {}, shown(client)) }
    return { target: appId, targetName: app.name, detail, answer: made ?? '' }
  })
  return { client: clientOf(ctx, corpId, appId), secret }
}

/** Gives a client another password; the one before ends at once. Throws 1000. */
export async function renewLdapSecret(
  ctx: KnownClientNeeds,
  actor: string,
  corpId: string,
  appId: string,
): Promise<string> {
  const secret = newSecret()
  return perform(ctx, { act: 'ldap.client.renew', actor, corpId }, async tx => {
    const app = await locked(tx, corpId, appId)
    const before = await store.lockClient(tx, corpId, appId)
    if (!before) throw noClient(appId)
    const updated = { updatedAt: new Date(ctx.now()), updatedBy: actor }
    await store.putClient(tx, { ...before, ...updated, secretHash: hashOf(ctx, appId, secret) })
    return { target: appId, targetName: app.name, detail: {}, answer: secret }
  })
}

/** Ends a client and all application passwords for it. Throws 1000. */
export async function removeClient(
  ctx: KnownClientNeeds,
  actor: string,
  corpId: string,
  appId: string,
): Promise<void> {
  await perform(ctx, { act: 'ldap.client.remove', actor, corpId }, async tx => {
    const app = await locked(tx, corpId, appId)
    const before = await store.lockClient(tx, corpId, appId)
    if (!before) throw noClient(appId)
    await store.deleteClient(tx, corpId, appId)
    return { target: appId, targetName: app.name, detail: { name: before.name }, answer: undefined }
  })
}

/** The client of an app. Throws 1000. */
export function clientOf(
  { ldapClients }: Pick<KnownClientNeeds, 'ldapClients'>,
  corpId: string,
  appId: string,
): LdapClient {
  const client = ldapClients.ofApp(appId)
  if (client?.corpId !== corpId) throw noClient(appId)
  return client
}

export function noClient(appId: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`应用 ${appId} 没有开通 LDAP`,
    en: told`the app ${appId} has no LDAP client`,
  })
}

const purpose = 'ldap client'

function hashOf({ seal }: Pick<Core, 'seal'>, appId: string, secret: string): string {
  return seal.sign(purpose, `${appId} ${secret}`)
}

export function isSecretOf(
  { seal }: Pick<Core, 'seal'>,
  client: LdapClient | undefined,
  secret: string,
): boolean {
  // As much is compared for a client that does not exist.
  const isRight = seal.isSigned(
    purpose,
    `${client?.appId ?? ''} ${secret}`,
    client?.secretHash ?? '-'.repeat(43),
  )
  return client !== undefined && isRight
}

/** 192 bits. */
const newSecret = () => randomBytes(24).toString('base64url')

function noLdapApp(name: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`${name} 是平台自带的应用，不能开通 LDAP`,
    en: told`${name} is an app of wisp itself, which has no LDAP client`,
  })
}

/** Why nobody could enter an app by LDAP. Throws 1000. */
function checkApp(
  { appSignIns }: KnownClientNeeds,
  { id, name }: { id: string; name: string },
  reached: Acr,
): void {
  const signIn = appSignIns.of(id)
  if (signIn?.relation === 'third-party')
    throw new ApiError('badParameter', {
      zh: told`${name} 是第三方应用，LDAP 无法征得每个人的同意；请改用 OpenID Connect 或 CAS`,
      en: told`${name} is an app of a third party, and LDAP cannot ask people whether they agree; use OpenID Connect or CAS`,
    })
  if (signIn && signIn.leastAcr > reached)
    throw new ApiError('badParameter', {
      zh: told`${name} 要求的认证级别是 ${own(signIn.leastAcr)}，LDAP 达到 ${own(reached)}（在企业微信确认为 2）；请降低应用的级别，或改用 OpenID Connect`,
      en: told`${name} asks for level ${own(signIn.leastAcr)}, and LDAP reaches ${own(reached)} (2 with a card in WeCom); lower the level of the app, or use OpenID Connect`,
    })
}

function readSettings(
  ctx: ClientNeeds,
  { isLimited }: ClientSetter,
  corpId: string,
  given: ClientSettings,
  before: LdapClient | undefined,
): Pick<LdapClient, 'name' | 'everyone' | 'departments' | 'fields' | 'memberGroups'> {
  const name = given.name ?? before?.name
  if (name === undefined || name === '')
    throw new ApiError('missingParameter', { zh: told`name`, en: told`name` })
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name) || name === 'people' || name === 'groups')
    throw new ApiError('badParameter', {
      zh: told`name 应为小写字母开头的 1 到 32 个小写字母、数字和横线，例如 gitlab，收到 ${name}`,
      en: told`name should be 1 to 32 lower-case letters, digits and hyphens, a letter first, such as gitlab; got ${name}`,
    })
  const departments = readDepartments(ctx, corpId, given.departments, before?.departments ?? [])
  const everyone = given.everyone ?? before?.everyone ?? departments.length === 0
  if (!everyone && departments.length === 0)
    throw new ApiError('missingParameter', {
      zh: told`departments：请选择部门，或改为全员`,
      en: told`departments: name departments, or choose everybody`,
    })
  const fields = readFields(isLimited, given, before)
  const isWider =
    before && !before.everyone && (everyone || departments.some(id => !before.departments.includes(id)))
  if (isLimited && isWider && fields.some(one => personalFields.includes(one)))
    throw new ApiError('forbidden', {
      zh: told`更大的范围会提供更多人的个人信息，须由超级管理员在控制台设置，或执行 wisp app ldap set；没有改动`,
      en: told`a wider range gives personal data of more people: a super administrator sets it in the console, or by wisp app ldap set; nothing was changed`,
    })
  const memberGroups = given.memberGroups
    ? readSet(given.memberGroups, 'memberGroups', groupsAtMost)
    : (before?.memberGroups ?? [])
  return { name, everyone, departments: everyone ? [] : departments, fields, memberGroups }
}

function readDepartments(
  { mirrors }: ClientNeeds,
  corpId: string,
  given: readonly number[] | undefined,
  before: readonly number[],
): readonly number[] {
  if (!given) return before
  const ids = readSet(given, 'departments', departmentsAtMost)
  const { tree } = mirrors.of(corpId)
  for (const id of ids)
    if (!tree.get(id) && !before.includes(id)) throw new ApiError('unknownDepartment', told`${id}`)
  return ids
}

function readFields(
  isLimited: boolean | undefined,
  given: ClientSettings,
  before: LdapClient | undefined,
): readonly LdapField[] {
  if (!given.fields) return before?.fields ?? ['groups']
  const names = readSet(given.fields, 'fields', ldapFields.length)
  const fields = ldapFields.filter(one => names.includes(one))
  const unknown = names.find(one => !fields.includes(one as LdapField))
  if (unknown !== undefined)
    throw new ApiError('badParameter', {
      zh: told`fields 应为 ${own(ldapFields.join('、'))} 中的，收到 ${unknown}`,
      en: told`fields should be among ${own(ldapFields.join(', '))}, got ${unknown}`,
    })
  const added = fields.filter(one => personalFields.includes(one) && !before?.fields.includes(one))
  if (isLimited && added.length > 0)
    throw new ApiError('forbidden', {
      zh: told`fields 增加 ${own(added.join('、'))} 会提供个人信息，须由超级管理员在控制台设置，或执行 wisp app ldap set；没有改动`,
      en: told`fields with ${own(added.join(', '))} gives personal data: a super administrator sets it in the console, or by wisp app ldap set; nothing was changed`,
    })
  return fields
}

async function checkFree(tx: Db, { corpId, appId, name }: Pick<LdapClient, 'corpId' | 'appId' | 'name'>) {
  const holder = await store.appNamed(tx, corpId, name)
  if (holder !== undefined && holder !== appId)
    throw new ApiError('badParameter', {
      zh: told`name：应用 ${holder} 的 LDAP 已叫 ${name}`,
      en: told`name: the LDAP client of the app ${holder} is called ${name} already`,
    })
}
