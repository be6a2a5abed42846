import type { Developers } from '../../callers/developers/developers.ts'
import type { Protection } from '../../callers/protection/protection.ts'
import { personOfTicketHash } from '../../callers/tickets/tickets.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import { checkOn } from '../../organisation/corps/features/check-on.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { mayAct, memberPerson, type Roles } from '../../organisation/directory/permissions/person.ts'
import { viewOf, visibleMember } from '../../organisation/directory/read/view.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { Person } from '../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { TokenNeeds } from '../oidc/access-token.ts'
import { type InboxTicket, openTicket } from './ticket.ts'
import { personOfToken } from './token-person.ts'

export type ReaderNeeds = Core &
  TokenNeeds & {
    corps: Corps
    developers: Developers
    mirrors: Mirrors
    offered: FeatureOffers
    protection: Protection
    roles: Roles
  }

/** Whose messages a page may show now, and of which developer; without `devId`, all of them. */
export type InboxReader = {
  corpId: string
  person: Person & { member: object }
  devId: string | undefined
}

/** The embedded inbox is part of this feature, which a corp can switch off. */
export const inboxFeature = 'message-types'

/** The ticket of a request for an inbox, before anything is asked of the database. Throws 401. */
export function ticketOf(ctx: Core, given: string | undefined, origin: string | undefined): InboxTicket {
  const sealed = /^Bearer ([\w.-]+)$/.exec(given ?? '')?.[1]
  if (sealed === undefined)
    throw new ApiError(
      'forbidden',
      {
        zh: '缺少收件箱凭证：放在 Authorization: Bearer 中',
        en: 'the ticket of the inbox is missing: it goes into Authorization: Bearer',
      },
      { status: 401 },
    )
  const ticket = openTicket(ctx, sealed)
  if (!ticket)
    throw new ApiError(
      'forbidden',
      { zh: '收件箱凭证无效', en: 'the ticket of the inbox is not valid' },
      { status: 401 },
    )
  if (origin !== ticket.origin)
    throw new ApiError(
      'forbidden',
      {
        zh: '收件箱凭证是发给其他网站的页面的',
        en: 'the ticket of the inbox is for pages of another site',
      },
      { status: 401 },
    )
  if (ticket.until <= ctx.now())
    throw new ApiError(
      'forbidden',
      {
        zh: '收件箱凭证已过期，请向应用的服务器取新的',
        en: 'the ticket of the inbox has expired: ask the application’s server for a new one',
      },
      { status: 401 },
    )
  return ticket
}

/**
 * Returns who holds the ticket. It has ended when the developer was disabled or deleted or lost its scope, the feature or the corp is off, the
 * person left or may not be seen by the developer any more, or the session or access token from which it was opened has ended. `isUse`:
 * the person did something, which keeps that session alive. Throws 401.
 */
export async function readerOf(ctx: ReaderNeeds, ticket: InboxTicket, isUse: boolean): Promise<InboxReader> {
  const { corpId, devId } = ticket
  const developer = ctx.developers.get(devId)
  const isAllowed = developer?.enabled && developer.corpId === corpId && developer.scopes.has('inbox:embed')
  const person =
    isAllowed && isOpen(ctx, corpId)
      ? await ctx.mirrors.during(corpId, () => personOf(ctx, developer, ticket, isUse))
      : undefined
  if (!developer || !person?.member)
    throw new ApiError(
      'forbidden',
      {
        zh: '收件箱已结束：请重新登录后刷新页面',
        en: 'this inbox has ended: sign in again and reload the page',
      },
      { status: 401 },
    )
  // What a super administrator took back counts at once.
  const isWhole = ticket.sight === 'all' && developer.wholeInbox
  return { corpId, person: { ...person, member: person.member }, devId: isWhole ? undefined : devId }
}

function isOpen(ctx: ReaderNeeds, corpId: string): boolean {
  try {
    checkOn(ctx, corpId, inboxFeature)
    return true
  } catch {
    return false
  }
}

async function personOf(
  ctx: ReaderNeeds,
  developer: Caller,
  { memberId, jessionHash, tokenHash }: InboxTicket,
  isUse: boolean,
): Promise<Person | undefined> {
  if (jessionHash !== undefined) {
    const person = await personOfTicketHash(ctx, developer, jessionHash, isUse)
    return person?.member?.id === memberId ? person : undefined
  }
  if (tokenHash !== undefined) {
    const found = await personOfToken(ctx, developer, tokenHash, isUse)
    return found instanceof ApiError ? undefined : memberPerson(ctx, developer.corpId, found.member)
  }
  const view = viewOf(ctx, developer)
  const member = visibleMember(view, view.mirror.members.byId(memberId))
  return member && mayAct(member) ? memberPerson(ctx, developer.corpId, member) : undefined
}
