import { Type } from 'typebox'
import type { Corps } from '../../organisation/corps/corps.ts'
import { isOn } from '../../organisation/corps/features/check-on.ts'
import { whyClosed } from '../../organisation/corps/suspension/check-open.ts'
import type { Closure } from '../../organisation/corps/suspension/closure.ts'
import { externalFeature } from '../../organisation/directory/mirror/members.ts'
import { isGiven, shippedPoints } from '../../organisation/rights/shipped.ts'
import type { OwnRoles } from '../../organisation/roles/kept-roles.ts'
import { viewedAs } from '../../organisation/roles/view-as.ts'
import { placesOf } from '../../organisation/three/places-of.ts'
import type { Three } from '../../organisation/three/three.ts'
import type { Core } from '../../platform/core.ts'
import type { Point } from '../../platform/http/admin/points.ts'
import { threeRoles } from '../../platform/http/admin/three-role.ts'
import { optionalChoice, optionalText, text } from '../../platform/http/input.ts'
import { time } from '../../platform/http/output.ts'
import { account, pageCall, person } from '../../platform/http/page-call.ts'
import type { Visitor } from '../../platform/http/visitor.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { callerAddress } from '../../platform/security/caller-address.ts'
import { languageOf, wordsIn } from '../../platform/words.ts'
import { checkConsoleAddress, networksOf, type Protection } from '../protection/protection.ts'
import { watermarkOf } from '../protection/watermark.ts'
import { clearSessionCookie, holderOf, lostAccess, type Sessions } from '../sessions/sessions.ts'
import { signInByPassword } from './factor/second-step.ts'
import { placeOf } from './passkeys/place.ts'
import { passwordAtMost, strengthOf } from './password-rules.ts'
import { changePassword } from './password-sign-in.ts'
import { refusalShown } from './refused/shown-refusal.ts'
import { homeOf, ownPage } from './return-page.ts'
import { offeredWays } from './ways/ways.ts'
import { wayNames } from './ways/ways-store.ts'
import { beginByButton } from './wecom-sign-in.ts'

type Needs = Core & { protection: Protection; sessions: Sessions }

const corpsOf = (ctx: Core & { corps: Corps }) =>
  ctx.corps.all().map(corp => ({
    corpId: corp.corpId,
    name: corp.name,
    wecom: corp.agents.some(agent => agent.uses.includes('signin')),
  }))

const systemAdministrator = { zh: '系统超级管理员', en: 'System super administrator' }

/** Members see their own corp, the system account all of them. */
const threeRole = Type.Union([Type.Enum([...threeRoles]), Type.Null()])

export const getSession = pageCall({
  method: 'GET',
  path: '/web/session',
  access: { by: 'anyone' },
  input: {},
  output: Type.Union([
    Type.Object({
      signedIn: Type.Literal(true),
      csrf: Type.String(),
      proof: Type.Object({
        acr: Type.Number(),
        amr: Type.Array(Type.String()),
        /** In milliseconds. */
        authAt: Type.Number(),
      }),
      mustChangePassword: Type.Boolean(),
      mustEnrol: Type.Boolean(),
      mustProve: Type.Boolean(),
      /** The address, where the console may not be used from it; '' where it may. */
      outside: Type.String(),
      /** What stands across the pages: whose they are. '' without a watermark. */
      watermark: Type.String(),
      person: Type.Object({
        userId: Type.String(),
        userName: Type.String(),
        roleLevel: Type.Number(),
        isHelpDesk: Type.Boolean(),
        corpId: Type.String(),
      }),
      /** What the person's own roles open, with the widest range; a fixed role says all by its level. */
      points: Type.Record(Type.String(), Type.Enum(['corp', 'departments', 'apps'])),
      /** Which of the three administrators the person is in their corp, and in the installation. */
      three: Type.Object({ corp: threeRole, installation: threeRole }),
      /** Set while a super administrator looks as another role; `person` has its level. */
      viewing: Type.Union([Type.Object({ endsAt: time, role: Type.String() }), Type.Null()]),
      /** One of the three administrators, who are shown emergencies and restored backups (/web/three/notices). */
      isOneOfThree: Type.Boolean(),
      corps: Type.Array(
        Type.Object({
          corpId: Type.String(),
          name: Type.String(),
          wecom: Type.Boolean(),
          /** The optional features that it has on. */
          features: Type.Array(Type.String()),
          /** On whose clocks its pages write times. */
          timeZone: Type.String(),
          /** Set while it is suspended, or restored and this is none of the three administrators. */
          closure: Type.Union([Type.Object({ since: time, reason: Type.String() }), Type.Null()]),
        }),
      ),
    }),
    Type.Object({
      signedIn: Type.Literal(false),
      /** Why the session of this browser ended, where its person lost their access; '' otherwise. */
      lost: Type.Enum(['', 'left', 'disabled']),
      corps: Type.Array(
        Type.Object({
          corpId: Type.String(),
          name: Type.String(),
          wecom: Type.Boolean(),
        }),
      ),
    }),
  ]),
  async handle(
    ctx: Core & { corps: Corps; ownRoles: OwnRoles; protection: Protection; three: Three },
    { visitor: signedIn, request },
  ) {
    const viewed = signedIn && viewedAs(ctx, signedIn, request)
    const visitor = viewed?.visitor ?? signedIn
    if (!visitor) {
      const lost = (await lostAccess(ctx, request)) ?? ('' as const)
      return { signedIn: false as const, lost, corps: corpsOf(ctx) }
    }
    const { member, corpId, roleLevel, csrf, proof, mustChangePassword, mustEnrol, mustProve } = visitor
    const language = languageOf(request.headers['accept-language'])
    const isHelpDesk = visitor.isHelpDesk === true
    const address = callerAddress(request)
    const corpIds = ctx.corps.all().map(one => one.corpId)
    const places = placesOf(ctx.three, visitor, corpIds)
    const isInside = ctx.protection.isInside(networksOf(visitor), address)
    return {
      signedIn: true as const,
      csrf,
      proof: { ...proof, amr: [...proof.amr] },
      mustChangePassword,
      mustEnrol,
      mustProve,
      outside: isInside ? '' : address || '?',
      watermark: await watermarkOf(ctx, visitor),
      person: member
        ? { userId: member.userId, userName: member.name, roleLevel, isHelpDesk, corpId }
        : {
            userId: visitor.actor,
            userName: wordsIn(language, systemAdministrator),
            roleLevel,
            isHelpDesk,
            corpId: '',
          },
      points: Object.fromEntries(pointsOf(visitor)),
      three: { corp: visitor.separated?.as ?? null, installation: visitor.ofInstallation ?? null },
      viewing: viewed ? { endsAt: new Date(viewed.endsAt), role: visitor.grants?.[0]?.name ?? '' } : null,
      isOneOfThree: places.length > 0,
      corps: corpsOf(ctx)
        .filter(corp => (!member || corp.corpId === corpId) && (!viewed || corp.corpId === viewed.corpId))
        .map(corp => {
          const { features, timeZone, closure = null } = ctx.corps.get(corp.corpId)
          const mayEnter =
            closure?.kind === 'restored' &&
            places.some(one => one.corpId === undefined || one.corpId === corp.corpId)
          return { ...corp, features: [...features], timeZone, closure: mayEnter ? null : closure }
        }),
    }
  },
})

const wider = { corp: 2, departments: 1, apps: 0 } as const

function pointsOf(visitor: Visitor): Map<Point, keyof typeof wider> {
  const { grants = [], separated, member } = visitor
  if (member && separated?.as) return new Map([...shippedPoints(visitor)].map(point => [point, 'corp']))
  const points = new Map<Point, keyof typeof wider>()
  // The page of the three is theirs too, whatever they are in their own corp.
  if (visitor.ofInstallation) points.set('three:read', 'corp')
  for (const { points: own, range } of grants)
    for (const point of own) {
      if (!isGiven(point, visitor)) continue
      const known = points.get(point)
      if (known === undefined || wider[range.kind] > wider[known]) points.set(point, range.kind)
    }
  return points
}

export const signInOptions = pageCall({
  method: 'GET',
  path: '/web/sign-in/options',
  access: { by: 'anyone' },
  input: {},
  output: Type.Object({
    corps: Type.Array(
      Type.Object({
        corpId: Type.String(),
        name: Type.String(),
        wecom: Type.Boolean(),
        /** In the order in which they are offered now. */
        ways: Type.Array(Type.Enum([...wayNames])),
        /** People from outside WeCom sign in by a link in a mail. */
        mailLink: Type.Boolean(),
        /** Why nobody signs in, in the reader's language; '' while the corp is served. */
        closed: Type.String(),
        /** WeCom does not answer at this moment. */
        isAway: Type.Boolean(),
      }),
    ),
    /** Passkeys can be used at this address. */
    passkeys: Type.Boolean(),
  }),
  async handle(ctx: Core & { corps: Corps }, { request }) {
    const offered = await offeredWays(ctx)
    const language = languageOf(request.headers['accept-language'])
    // Into a restored corp its three administrators may come.
    const closedOf = (closure: Closure | undefined) =>
      closure && closure.kind !== 'restored' ? wordsIn(language, whyClosed(closure)) : ''
    const corps = corpsOf(ctx).map(corp => ({
      ...corp,
      ...offered(corp.corpId),
      mailLink: isOn(ctx, corp.corpId, externalFeature),
      closed: closedOf(ctx.corps.closureOf(corp.corpId)),
    }))
    return { corps, passkeys: placeOf(ctx, request) !== undefined }
  },
})

/** Why this browser has just been refused, by the number in the page's address. Null when it was not, or too long ago. */
export const signInRefusal = pageCall({
  method: 'GET',
  path: '/web/sign-in/refusal',
  access: { by: 'anyone' },
  input: { number: text('编号', { max: 64 }) },
  output: Type.Object({
    refusal: Type.Union([
      Type.Object({
        /** What the page has a text for, such as `outsider`. */
        fault: Type.String(),
        /** In the reader's language; '' when the fault says it all. */
        detail: Type.String(),
      }),
      Type.Null(),
    ]),
  }),
  handle(ctx: Core, { input, request }) {
    const shown = refusalShown(ctx, request, input.number)
    if (!shown) return { refusal: null }
    const language = languageOf(request.headers['accept-language'])
    return { refusal: { fault: shown.fault, detail: wordsIn(language, shown.detail) } }
  },
})

/** The button that leads to WeCom, and 确认登录: who comes back by it has proved themselves interactively. */
export const wecomSignIn = pageCall({
  method: 'POST',
  path: '/web/sign-in/wecom',
  access: { by: 'anyone' },
  input: {
    corpId: optionalText('企业', { max: 64 }),
    to: optionalText('登录后的页面', { max: 4000 }),
    next: optionalChoice('登录后在登录页还要做的', ['second-factor', 'setup']),
  },
  output: Type.Object({
    /** Of WeCom, or of the sign-in page on the corp's own host. */
    address: Type.String(),
  }),
  handle(ctx: Core & { corps: Corps; offered: FeatureOffers }, { input, visitor, request, reply }) {
    const to = (input.to === undefined ? undefined : ownPage(ctx, input.to)) ?? homeOf(request)
    const rest = { ...(input.next ? nextOnPage[input.next] : {}), to }
    return {
      address: beginByButton(ctx, request, reply, {
        corpId: visitor?.member ? visitor.corpId : input.corpId,
        page: `/signin?${new URLSearchParams({ acr: '2', ...rest })}`,
        to: input.next ? `/signin?${new URLSearchParams(rest)}` : to,
      }),
    }
  },
})

const nextOnPage = { 'second-factor': { acr: '3' }, setup: { setup: 'second-factor' } } as const

export const passwordSignIn = pageCall({
  method: 'POST',
  path: '/web/sign-in/password',
  access: { by: 'anyone' },
  input: { name: text('用户名', { max: 64 }), password: text('密码', { max: 200 }) },
  output: Type.Object({
    /** For the second step; '' when there is none, and the account is signed in. */
    state: Type.String(),
  }),
  async handle(ctx: Needs, { input, visitor, request, reply }) {
    checkConsoleAddress(ctx, '', callerAddress(request))
    const { adminName, state } = await signInByPassword(ctx, request.ip, input)
    if (state !== '') return { state }
    if (visitor) await ctx.sessions.end(visitor.sessionId)
    await ctx.sessions.open({ adminName }, { acr: 2, amr: ['pwd'] }, request, reply)
    return { state }
  },
})

export const passwordChange = pageCall({
  method: 'POST',
  path: '/web/password',
  access: account,
  input: { current: text('当前密码', { max: 200 }), next: text('新密码', { max: 200 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { input, visitor, request }) {
    const { adminName, sessionId } = visitor
    await changePassword(ctx, { adminName, sessionId, address: request.ip }, input)
    return {}
  },
})

/** What the meter beside a new password shows, by the very rules that accept or refuse it. */
export const passwordStrength = pageCall({
  method: 'POST',
  path: '/web/password/strength',
  access: account,
  input: { next: text('新密码', { max: passwordAtMost }) },
  output: Type.Object({
    /** From 0 to 4. */
    score: Type.Number(),
    /** Why the password is refused; '' when it is not. */
    problem: Type.String(),
  }),
  async handle({ protection }: Needs, { input, visitor, request }) {
    const rules = protection.ofInstallation()
    const { score, problem } = await strengthOf(input.next, visitor.adminName, rules)
    const language = languageOf(request.headers['accept-language'])
    return { score, problem: problem ? wordsIn(language, problem) : '' }
  },
})

export const signOut = pageCall({
  method: 'POST',
  path: '/web/sign-out',
  access: { by: 'anyone' },
  input: {},
  output: Type.Object({}),
  async handle(ctx: Needs, { visitor, request, reply }) {
    if (visitor) await ctx.sessions.end(visitor.sessionId)
    clearSessionCookie(ctx, request, reply)
    return {}
  },
})

export const signOutEverywhere = pageCall({
  method: 'POST',
  path: '/web/sign-out-everywhere',
  access: person,
  whileSuspended: true,
  input: {},
  output: Type.Object({
    ended: Type.Number(),
  }),
  async handle(ctx: Needs, { visitor, request, reply }) {
    const ended = await ctx.sessions.endAll(holderOf(visitor))
    clearSessionCookie(ctx, request, reply)
    return { ended }
  },
})
