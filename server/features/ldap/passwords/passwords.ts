import { randomBytes } from 'node:crypto'
import { nameOf, type SignedInOwner } from '../../../callers/sign-in/factor/factor-owner.ts'
import { checkFresh, secondFactorStatus } from '../../../callers/sign-in/factor/second-factor.ts'
import { checkStaysOn } from '../../../organisation/corps/features/check-on.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { AccessEnd } from '../../../platform/manifest/access-end.ts'
import type { FactorReset } from '../../../platform/manifest/factor-reset.ts'
import { mayUse } from '../../app-sign-in/who-may.ts'
import { lockClient } from '../clients/client-store.ts'
import { type ClientNeeds, ldapFeature, noClient } from '../clients/set-client.ts'
import type { LdapClient } from '../tree/client.ts'
import * as store from './password-store.ts'

const passwordsAtMost = 5
const purpose = 'ldap password'
const letters = 'abcdefghijklmnopqrstuvwxyz234567'

/** 24 letters, 120 bits, in groups of four, so that they can be typed. */
function newPassword(): string {
  const text = [...randomBytes(24)].map(byte => letters[byte % 32]).join('')
  return text.replace(/.{4}(?!$)/g, '$&-')
}

/** Spaces, hyphens and capitals do not matter. */
function textToHash({ appId }: Pick<LdapClient, 'appId'>, memberId: number, password: string): string {
  return `${appId} ${memberId} ${password.replace(/[\s-]/g, '').toLowerCase()}`
}

/** Who makes or ends their own; local accounts have none. */
function ownMember({ owner }: SignedInOwner): { corpId: string; memberId: number } {
  if ('memberId' in owner) return owner
  throw new ApiError('forbidden', {
    zh: '系统账号不是通讯录里的成员，没有应用密码',
    en: 'a system account is not a member of the address book and has no application passwords',
  })
}

/**
 * Makes an application password of somebody for the LDAP client of an app, who proved themselves in the last minutes. It is returned once and
 * never again. Throws 1000 and 1009.
 */
export async function makePassword(ctx: ClientNeeds, who: SignedInOwner, appId: string): Promise<string> {
  const { corpId, memberId } = ownMember(who)
  checkFresh(ctx, who.proof, await secondFactorStatus(ctx, who.owner))
  const may = await mayUse(ctx, corpId, appId, memberId)
  if ('whyNot' in may)
    throw new ApiError('forbidden', {
      zh: '您不能进入这个应用，没有创建应用密码；请联系管理员',
      en: 'you may not enter this app, and no application password was made: ask your administrator',
    })
  const password = newPassword()
  await ctx.db.transaction().execute(async tx => {
    await checkStaysOn(tx, ctx, corpId, ldapFeature)
    const client = await lockClient(tx, corpId, appId)
    if (!client) throw noClient(appId)
    const others = await store.passwordsOf(tx, corpId, memberId, appId)
    if (others.length >= passwordsAtMost)
      throw new ApiError('badParameter', {
        zh: told`每个应用最多 ${own(passwordsAtMost)} 个应用密码，请先停用不用的`,
        en: told`an app has at most ${own(passwordsAtMost)} application passwords: revoke unused ones first`,
      })
    await store.insertPassword(tx, corpId, {
      id: ctx.newId(),
      appId,
      memberId,
      hash: ctx.seal.sign(purpose, textToHash(client, memberId, password)),
      madeAt: new Date(ctx.now()),
    })
    const entry = { corpId, actor: nameOf(who.owner), act: 'ldap.password.add' as const, target: appId }
    await record(tx, ctx, { ...entry, targetName: may.app.name, detail: {} })
  })
  return password
}

/** Ends one of somebody's own, on all nodes at once. Throws 1000. */
export async function endPassword(ctx: Core, who: SignedInOwner, id: string): Promise<void> {
  const { corpId, memberId } = ownMember(who)
  await ctx.db.transaction().execute(async tx => {
    const appId = await store.deletePassword(tx, corpId, memberId, id)
    if (appId === undefined)
      throw new ApiError('badParameter', {
        zh: '没有这个应用密码，或已停用；请刷新',
        en: 'there is no such application password, or it was revoked: reload',
      })
    const entry = { corpId, actor: nameOf(who.owner), act: 'ldap.password.end' as const, target: appId }
    await record(tx, ctx, { ...entry, detail: {} })
  })
}

/** Ends the application passwords of leavers; they stay ended when WeCom enables the member again. */
export const endPasswordsOfMembers: AccessEnd = async (tx, corpId, memberIds) => {
  await store.deletePasswordsOf(tx, corpId, memberIds)
}

/** Somebody else may have made them. */
export const endPasswordsAtReset: FactorReset = async (tx, _ctx, _actor, holder) => {
  if ('memberId' in holder) await store.deletePasswordsOf(tx, holder.corpId, [holder.memberId])
}

/** Also the least time between two notes of a use, in ms. */
const usedMs = 10 * 60_000

/**
 * The password of the member for this client, if this is one; without a member as much is done. Reads the database each time, so that an
 * ended one is refused at once.
 */
export async function checkPassword(
  ctx: Core,
  client: LdapClient,
  memberId: number | undefined,
  password: string,
): Promise<store.AppPassword | undefined> {
  const { corpId, appId } = client
  const text = textToHash(client, memberId ?? 0, password)
  const rows = await store.passwordsOf(ctx.db, corpId, memberId ?? 0, appId)
  let right: store.AppPassword | undefined
  for (let n = 0; n < passwordsAtMost; n++) {
    const row = rows[n]
    if (ctx.seal.isSigned(purpose, text, row?.hash ?? '-'.repeat(43)) && row) right = row
  }
  return right
}

/** Notes a use by somebody who was let in, once in ten minutes: false where one was noted lately. */
export async function noteUse(
  ctx: Core,
  client: LdapClient,
  { id, memberId, usedAt }: store.AppPassword,
  password: string,
  from: string,
): Promise<boolean> {
  const at = ctx.now()
  // A time to come is of before the clock was set back.
  if (usedAt && Math.abs(at - usedAt.getTime()) <= usedMs) return false
  const hash = ctx.seal.sign(purpose, textToHash(client, memberId, password))
  await store.noteUse(ctx.db, client.corpId, id, { at: new Date(at), from, hash })
  return true
}
