import type { FastifyRequest } from 'fastify'
import type { Developers } from '../../callers/developers/developers.ts'
import type { Refusals } from '../../callers/refusals/refusals.ts'
import type { SignInLog } from '../../callers/sign-in-log/sign-in-log.ts'
import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import type { Roles } from '../../organisation/directory/permissions/person.ts'
import type { Core } from '../../platform/core.ts'
import type { Words } from '../../platform/words.ts'
import { beginAppSession } from '../app-sign-in/begin-app-session.ts'
import type { AppSignIns } from '../app-sign-in/catalog.ts'
import { releaseOf } from '../app-sign-in/claims/release.ts'
import { noteRefusedEntry, type RefusedEntry } from '../app-sign-in/pages/refused-page.ts'
import { whoMay } from '../app-sign-in/who-may.ts'
import type { Apps } from '../apps/catalog.ts'
import type { FailureCode, Success } from './answers.ts'
import { attributesOf } from './attributes.ts'
import { ticketId } from './login.ts'
import { findService, serviceKey } from './services.ts'
import { type Ticket, takeTicket } from './ticket-store.ts'

export type ValidationNeeds = Core & {
  apps: Apps
  appSignIns: AppSignIns
  corps: Corps
  developers: Developers
  mirrors: Mirrors
  refusals: Refusals
  roles: Roles
  signInLog: SignInLog
}

/** A ticket that is not good; what whoever writes the application is told. */
export class NotValidated extends Error {
  readonly code: FailureCode
  readonly words: Words
  constructor(code: FailureCode, words: Words) {
    super(words.en)
    this.code = code
    this.words = words
  }
}

/** '' where it is missing, undefined where it was given twice. */
export type Validation = {
  service: string | undefined
  ticket: string | undefined
  renew: boolean
  version: 1 | 2 | 3
}

/**
 * Whom a ticket stands for. It is good once, whatever comes of it, and for the service that it was made for. Throws NotValidated
 * (docs/upstream/cas.md#validation).
 */
export async function validate(
  ctx: ValidationNeeds,
  request: FastifyRequest,
  corpId: string,
  { service: given, ticket, renew, version }: Validation,
): Promise<Success> {
  if (!given || !ticket)
    throw new NotValidated('INVALID_REQUEST', {
      zh: 'service 和 ticket 各需要一个',
      en: 'service and ticket are needed, once each',
    })
  if (!/^ST-[A-Za-z0-9-]{1,125}$/.test(ticket)) throw unknownTicket()
  const taken = await takeTicket(ctx.db, corpId, ticketId(ticket))
  if (!taken) throw unknownTicket()
  const refuse = refusing(ctx, request, taken)
  if (taken.endsAt.getTime() <= ctx.now()) throw refuse('ticket', 'INVALID_TICKET', expired)
  const service = findService(ctx, corpId, given)
  if (!service || service.signIn.appId !== taken.appId || serviceKey(service.url) !== taken.service)
    throw refuse('service', 'INVALID_SERVICE', otherService)
  if (renew && !taken.isNew) throw refuse('acr', 'INVALID_TICKET_SPEC', notRenewed)
  const may = await whoMay(ctx, corpId, taken.appId, taken.memberId)
  if ('whyNot' in may) throw refuse(may.whyNot, 'INVALID_TICKET', mayNot)
  const release = await releaseOf(ctx, may.app, may.signIn, may.member)
  if ('noName' in release) throw refuse(release.noName, 'INVALID_TICKET', noName)
  const { appId, memberId, sessionId, logoutUri } = taken
  const told = { corpId, appId, memberId, sessionId, logoutUri, protocol: 'cas', sid: ticket } as const
  if (!(await beginAppSession(ctx, told))) throw refuse('ticket', 'INVALID_TICKET', signedOut)
  const hasAttributes = version === 3 || (version === 2 && service.signIn.cas.attributesInV2)
  return { user: release.userName, attributes: hasAttributes ? attributesOf(release, taken) : undefined }
}

function unknownTicket(): NotValidated {
  return new NotValidated('INVALID_TICKET', {
    zh: 'ticket 不存在、已用过或已过期',
    en: 'the ticket is unknown, was used already or has expired',
  })
}

/** A ticket that was issued leaves a trace for those who look why a sign-in failed; any other is rubbish. */
function refusing(ctx: ValidationNeeds, request: FastifyRequest, { corpId, appId, memberId }: Ticket) {
  return (fault: RefusedEntry['fault'], code: FailureCode, words: Words): NotValidated => {
    const member = ctx.mirrors.find(corpId)?.members.byId(memberId)
    const app = ctx.apps.find(appId)
    noteRefusedEntry(ctx, request, { corpId, way: 'cas', fault, app, member, detail: words })
    return new NotValidated(code, words)
  }
}

const expired = { zh: 'ticket 已过期', en: 'the ticket has expired' }
const otherService = {
  zh: 'service 与登录时的不同，ticket 已作废',
  en: 'the service is not that of the sign-in; the ticket is void',
}
const notRenewed = {
  zh: '这次登录没有重新验证身份 (renew)',
  en: 'the person did not prove themselves for this sign-in (renew)',
}
const mayNot = { zh: '此人不能进入这个应用', en: 'the person may not enter this application' }
const noName = {
  zh: '通讯录里没有可用的用户名，或者有重复',
  en: 'the address book has no user name for this person, or two people have it',
}
const signedOut = { zh: '此人已退出登录', en: 'the person has signed out' }
