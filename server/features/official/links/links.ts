import { randomInt } from 'node:crypto'
import { type Corps, publicUrlOf } from '../../../organisation/corps/corps.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { Words } from '../../../platform/words.ts'
import { whyNot } from '../accounts/abilities.ts'
import type { Account } from '../accounts/accounts.ts'
import { lockAccount } from '../accounts/store.ts'
import * as store from './store.ts'

type Needs = Core & { corps: Corps }

export const linkMs = 5 * 60_000

/** How a member proves which follower they are: by opening a link in WeChat, or by sending a code to the account. */
export type OpenMethod = 'web' | 'code'

/** Web authorisation tells who opens a page; accounts without it get a code. */
export function wayOf(account: Account): OpenMethod {
  return whyNot(account, 'webAuthorisation') ? 'code' : 'web'
}

/** Returns what is stored in place of the secret of a link, a page or a code. */
export function hashOf(ctx: Pick<Core, 'seal'>, secret: string): string {
  return ctx.seal.sign('official link', secret)
}

export const codeSecret = (originalId: string, code: string) => `code ${originalId} ${code}`

export type LinkInvitation = { way: OpenMethod; url: string; code: string; expiresAt: Date }

/** Gives a member a link or a code that is valid once and for five minutes. Throws 1000 when they are linked already. */
export async function beginLink(ctx: Needs, account: Account, memberId: number): Promise<LinkInvitation> {
  if (!account.enabled)
    throw new ApiError('forbidden', {
      zh: told`公众号 ${account.name} 已停用，不能绑定；请联系管理员`,
      en: told`the official account ${account.name} is disabled, so nothing can be linked: ask your administrator`,
    })
  const links = await store.linksOf(ctx.db, account.corpId, memberId)
  if (links.some(link => link.originalId === account.originalId))
    throw new ApiError('badParameter', {
      zh: '已绑定这个公众号的微信，请先解除',
      en: 'you are linked to a follower of this account: unlink first',
    })
  const expiresAt = new Date(ctx.now() + linkMs)
  const put = (step: 'offered' | 'code', secret: string) =>
    ctx.db
      .transaction()
      .execute(tx =>
        store.putRequest(tx, account, { memberId, expiresAt, step, secretHash: hashOf(ctx, secret) }),
      )
  if (wayOf(account) === 'web') {
    const token = ctx.newId()
    await put('offered', token)
    const base = publicUrlOf(ctx, ctx.corps.find(account.corpId))
    return { way: 'web', url: `${base}/official/link/${token}`, code: '', expiresAt }
  }
  for (;;) {
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    // Somebody else may have the same code at the moment.
    if (await put('code', codeSecret(account.originalId, code)))
      return { way: 'code', url: '', code, expiresAt }
  }
}

type Person = { openid: string; unionid: string | null; nickname: string; avatar: string }

/** Links a follower to a member. Returns why not when one of them is linked already: it is one to one, per account. */
export async function link(
  tx: Db,
  ctx: Pick<Core, 'now'>,
  account: Account,
  person: Person,
  member: { id: number; actor: string },
): Promise<Words | undefined> {
  await lockAccount(tx, account.corpId, account.originalId)
  const inTheWay = await store.linksInTheWay(tx, account, person.openid, member.id)
  const isOther = inTheWay.some(one => one.memberId !== member.id)
  if (isOther)
    return {
      zh: '这个微信已绑定其他成员，请其先在「我的」中解除',
      en: 'this WeChat is linked to another member, who has to unlink it first',
    }
  if (inTheWay.some(one => one.openid !== person.openid))
    return {
      zh: '您已绑定另一个微信，请先在「我的」中解除',
      en: 'you are linked to another WeChat: unlink it first',
    }
  await store.putLink(tx, account, person, member.id, new Date(ctx.now()))
  const { corpId, originalId, name } = account
  await record(tx, ctx, {
    corpId,
    actor: member.actor,
    act: 'official.link',
    target: originalId,
    targetName: name,
    detail: { openid: person.openid, memberId: member.id },
  })
  return undefined
}

/** Ends a member's own link to the account. Throws 1000 when there is none. */
export async function unlink(ctx: Core, actor: string, account: Account, memberId: number): Promise<void> {
  const { corpId, originalId, name } = account
  await ctx.db.transaction().execute(async tx => {
    const [ended] = await store.dropLinks(tx, corpId, [memberId], originalId)
    if (!ended)
      throw new ApiError('badParameter', {
        zh: told`您没有绑定公众号 ${name}，不需要解除`,
        en: told`you are not linked to the official account ${name} and need not unlink`,
      })
    const entry = { corpId, actor, target: originalId, targetName: name, detail: { openid: ended.openid } }
    await record(tx, ctx, { ...entry, act: 'official.unlink' })
  })
}
