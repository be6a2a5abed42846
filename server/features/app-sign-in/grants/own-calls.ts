import { Type } from 'typebox'
import { lastSignInsOf } from '../../../callers/sign-in-log/store.ts'
import type { Core } from '../../../platform/core.ts'
import { text } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import { pageCall, person } from '../../../platform/http/page-call.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { AppSignIns } from '../catalog.ts'
import { consentsOf } from '../consent-store.ts'
import { withdraw } from './withdraw.ts'

type Needs = Core & { apps: Apps; appSignIns: AppSignIns }

const timeOrNull = Type.Union([time, Type.Null()])

/** The apps that were told about the person: those that they agreed to, and those that need no agreement. */
export const ownGrants = pageCall({
  method: 'GET',
  path: '/web/portal/grants',
  access: person,
  input: {},
  output: Type.Object({
    list: Type.Array(
      Type.Object({
        appId: Type.String(),
        name: Type.String(),
        icon: Type.String(),
        relation: Type.Enum(['own', 'entrusted', 'third-party']),
        /** Names of what it is given. */
        claims: Type.Array(Type.String()),
        /** Null where nobody is asked. */
        agreedAt: timeOrNull,
        lastAt: timeOrNull,
      }),
    ),
  }),
  async handle(ctx: Needs, { corpId, visitor }) {
    const memberId = visitor.member?.id
    if (memberId === undefined) return { list: [] }
    const [consents, last] = await Promise.all([
      consentsOf(ctx.db, corpId, memberId),
      lastSignInsOf(ctx.db, corpId, memberId),
    ])
    const agreed = new Map(consents.map(one => [one.appId, one]))
    const entered = new Map(last.map(one => [one.appId, one]))
    const list = [...new Set([...agreed.keys(), ...entered.keys()])].flatMap(appId => {
      const app = ctx.apps.find(appId)
      if (app?.corpId !== corpId) return []
      const { name, iconHash } = app
      const [consent, signIn] = [agreed.get(appId), entered.get(appId)]
      return {
        appId,
        name,
        icon: iconHash === null ? '' : `/web/apps/icon?id=${appId}&v=${iconHash.slice(0, 16)}`,
        relation: ctx.appSignIns.of(appId)?.relation ?? ('own' as const),
        claims: consent?.claims ?? signIn?.released ?? [],
        agreedAt: consent?.agreedAt ?? null,
        lastAt: signIn?.at ?? null,
      }
    })
    return { list: list.sort((a, b) => Number(b.lastAt ?? 0) - Number(a.lastAt ?? 0)) }
  },
})

export const withdrawGrant = pageCall({
  method: 'POST',
  path: '/web/portal/grants/withdraw',
  access: person,
  input: { appId: text('应用 id', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: Needs, { corpId, visitor, input }) {
    await withdraw(ctx, corpId, visitor, input.appId)
    return {}
  },
})
