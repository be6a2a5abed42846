import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Developers } from '../../../callers/developers/developers.ts'
import type { AppSignInFault } from '../../../callers/refusals/app-sign-in-words.ts'
import { tellingOf } from '../../../callers/refusals/refusal-words.ts'
import type { Refusals } from '../../../callers/refusals/refusals.ts'
import type { SignInLog, SignInWay } from '../../../callers/sign-in-log/sign-in-log.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import type { Words } from '../../../platform/words.ts'
import type { App } from '../../apps/app.ts'
import type { Brands } from '../../branding/brands.ts'
import { type SignInPage, sendSignInPage } from './page.ts'
import { peopleToAsk } from './people-to-ask.ts'

type Needs = Core & {
  brands: Brands
  developers: Developers
  mirrors: Mirrors
  refusals: Refusals
  signInLog: SignInLog
}

/** Somebody who was not signed in to an application; `app` and `member` as far as they are known. */
export type RefusedEntry = {
  corpId: string
  way: SignInWay
  fault: AppSignInFault
  app?: App | undefined
  member?: { id: number; userId: string; name: string } | undefined
  /** What of the request was wrong, such as an address that is not registered. Kept under the number; no page shows what an address says. */
  detail?: Words | string
}

/** Keeps it for the help desk and the log of sign-ins. */
export function noteRefusedEntry(
  ctx: Pick<Needs, 'refusals' | 'signInLog'>,
  request: FastifyRequest,
  { corpId, way, fault, app, member, detail = '' }: RefusedEntry,
): void {
  ctx.refusals.note({ request, corpId, member, place: 'app-sign-in', reason: fault, detail })
  ctx.signInLog.note({ request, corpId, way, app, member, reason: fault, detail })
}

/** Says who cannot enter what, why, and whom to ask, with the number by which the help desk finds it. */
export async function sendRefusedPage(
  ctx: Needs,
  request: FastifyRequest,
  reply: FastifyReply,
  refused: RefusedEntry,
  links: SignInPage['links'] = [],
): Promise<FastifyReply> {
  noteRefusedEntry(ctx, request, refused)
  const { corpId, app, fault, member } = refused
  const { what, advice } = tellingOf({ place: 'app-sign-in', reason: fault })
  const people = member ? await peopleToAsk(ctx, app) : []
  return sendSignInPage(ctx, request, reply, {
    status: 403,
    corpId,
    title: titleOf(app),
    text: [sentence(what), advice],
    facts: [
      ...(member
        ? [[{ zh: '登录的是', en: 'Signed in' }, `${member.name} (${member.userId})`] as const]
        : []),
      [{ zh: '可以询问', en: 'Whom to ask' }, askedOf(app, people)],
    ],
    isNumbered: true,
    links,
  })
}

function titleOf(app: App | undefined): Words {
  return app
    ? { zh: `不能进入「${app.name}」`, en: `You cannot enter “${app.name}”` }
    : { zh: '不能登录这个应用', en: 'This application cannot be entered' }
}

function sentence({ zh, en }: Words): Words {
  return { zh: `原因：${zh}。`, en: `Why: ${en}.` }
}

function askedOf(app: App | undefined, people: readonly string[]): Words {
  if (people.length === 0)
    return { zh: '服务台或管理员，并告知编号', en: 'the help desk or an administrator; tell them the number' }
  return {
    zh: `${people.join('、')}（「${app?.name ?? ''}」的负责人），或服务台`,
    en: `${people.join(', ')}, who own “${app?.name ?? ''}”, or the help desk`,
  }
}
