import { Type } from 'typebox'
import { signedOf } from '../../../callers/sign-in/factor/factor-owner.ts'
import { isOn } from '../../../organisation/corps/features/check-on.ts'
import type { Core } from '../../../platform/core.ts'
import { text } from '../../../platform/http/input.ts'
import { time } from '../../../platform/http/output.ts'
import { pageCall, person } from '../../../platform/http/page-call.ts'
import { mayUse } from '../../app-sign-in/who-may.ts'
import { type ClientNeeds, ldapFeature } from '../clients/set-client.ts'
import { passwordsOf } from './password-store.ts'
import { endPassword, makePassword } from './passwords.ts'

const timeOrNull = Type.Union([time, Type.Null()])

/** The programs that a person may enter by LDAP, and their application passwords. */
export const ownPasswords = pageCall({
  method: 'GET',
  path: '/web/app-passwords',
  access: person,
  directory: true,
  input: {},
  output: Type.Object({
    apps: Type.Array(Type.Object({ appId: Type.String(), name: Type.String() })),
    list: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        madeAt: time,
        usedAt: timeOrNull,
        usedFrom: Type.String(),
      }),
    ),
  }),
  async handle(ctx: ClientNeeds, { corpId, visitor }) {
    const memberId = visitor.member?.id
    if (memberId === undefined) return { apps: [], list: [] }
    const clients = isOn(ctx, corpId, ldapFeature) ? ctx.ldapClients.ofCorp(corpId) : []
    const apps: { appId: string; name: string }[] = []
    for (const { appId } of clients) {
      const may = await mayUse(ctx, corpId, appId, memberId)
      if (!('whyNot' in may)) apps.push({ appId, name: may.app.name })
    }
    const list = await passwordsOf(ctx.db, corpId, memberId)
    return {
      apps,
      list: list.map(({ id, appId, madeAt, usedAt, usedFrom }) => ({
        id,
        name: ctx.apps.find(appId)?.name ?? appId,
        madeAt,
        usedAt,
        usedFrom,
      })),
    }
  },
})

export const makeOwnPassword = pageCall({
  method: 'POST',
  path: '/web/app-passwords/make',
  access: person,
  directory: true,
  input: { appId: text('应用 id', { max: 64 }) },
  output: Type.Object({
    /** Shown only now. */
    password: Type.String(),
    /** What the person is called at the program's sign-in page. */
    userName: Type.String(),
  }),
  async handle(ctx: ClientNeeds, { visitor, input, request }) {
    const password = await makePassword(ctx, signedOf(visitor, request), input.appId)
    return { password, userName: visitor.member?.userId ?? '' }
  },
})

export const endOwnPassword = pageCall({
  method: 'POST',
  path: '/web/app-passwords/end',
  access: person,
  input: { id: text('应用密码', { max: 64 }) },
  output: Type.Object({}),
  async handle(ctx: Core, { visitor, input, request }) {
    await endPassword(ctx, signedOf(visitor, request), input.id)
    return {}
  },
})
