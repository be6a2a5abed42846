import { Type } from 'typebox'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { structured, text } from '../../../platform/http/input.ts'
import { clientSchema, clientShape, sampleClient, settingsShape, viewOf } from './client-view.ts'
import {
  type ClientNeeds,
  clientOf,
  type KnownClientNeeds,
  removeClient,
  renewLdapSecret,
  setClient,
} from './set-client.ts'

const id = text({ zh: '应用 id', en: 'Id of the app' }, { max: 64 })
const secret = Type.String({
  about: {
    zh: '绑定用的密码，只返回这一次；没有新建则为空',
    en: 'The password by which it binds, returned only here; empty where none was made',
  },
})
const sampleInput = { id: '{appId}' }

export const adminLdapClient = adminCall({
  method: 'GET',
  path: '/api/admin/app/ldap',
  range: 'app',
  summary: { zh: '一个应用的 LDAP 接入', en: 'The LDAP client of an app' },
  scope: 'admin:read',
  point: 'app:read',
  reach: 'corp',
  input: { id },
  output: clientSchema,
  errors: ['badParameter'],
  sample: sampleClient,
  sampleInput,
  handle: async (ctx: KnownClientNeeds, { corpId, input }) => viewOf(ctx, clientOf(ctx, corpId, input.id)),
})

export const adminSetLdapClient = adminCall({
  method: 'POST',
  path: '/api/admin/app/ldap/set',
  range: 'app',
  summary: { zh: '为应用开通或修改 LDAP 接入', en: 'Make or change the LDAP client of an app' },
  description: {
    zh: '没有给出的设置不变。管理令牌不能增加 mail、mobile、employeeNumber、title；有这些字段时，也不能扩大范围。',
    en: 'What is left out stays. Admin tokens cannot add mail, mobile, employeeNumber and title, nor widen the range of a client that has them.',
  },
  scope: 'admin:apps',
  point: 'app:sign-in',
  reach: 'corp',
  directory: true,
  input: {
    id,
    settings: structured(
      { zh: 'LDAP 的设置', en: 'Settings of the client' },
      Type.Partial(Type.Object(settingsShape, { additionalProperties: false })),
    ),
  },
  output: Type.Object({ ...clientShape, secret }),
  errors: [
    'badParameter',
    'missingParameter',
    'unknownDepartment',
    'unknownTag',
    'messageCentre',
    'forbidden',
  ],
  sample: { ...sampleClient, secret: 'q2X…' },
  sampleInput: { ...sampleInput, settings: { name: 'gitlab', everyone: true, fields: ['groups'] } },
  async handle(ctx: ClientNeeds, { corpId, input, caller }) {
    const by = { actor: caller.actor, isLimited: true }
    const made = await setClient(ctx, by, corpId, input.id, input.settings)
    return { ...viewOf(ctx, made.client), secret: made.secret }
  },
})

export const adminRenewLdapClient = adminCall({
  method: 'POST',
  path: '/api/admin/app/ldap/renewSecret',
  range: 'app',
  summary: { zh: '更换应用的 LDAP 绑定密码', en: 'Renew the password of an LDAP client' },
  scope: 'admin:apps',
  point: 'app:sign-in',
  reach: 'corp',
  input: { id },
  output: Type.Object({ secret }),
  errors: ['badParameter'],
  sample: { secret: 'q2X…' },
  sampleInput,
  handle: async (ctx: KnownClientNeeds, { corpId, input, caller }) => ({
    secret: await renewLdapSecret(ctx, caller.actor, corpId, input.id),
  }),
})

export const adminRemoveLdapClient = adminCall({
  method: 'POST',
  path: '/api/admin/app/ldap/remove',
  range: 'app',
  summary: { zh: '取消应用的 LDAP 接入', en: 'End the LDAP client of an app' },
  description: {
    zh: '为这个应用创建的应用密码同时失效。',
    en: 'All application passwords for this app end with it.',
  },
  scope: 'admin:apps',
  point: 'app:sign-in',
  reach: 'corp',
  input: { id },
  output: Type.Object({}),
  errors: ['badParameter'],
  sample: {},
  sampleInput,
  async handle(ctx: KnownClientNeeds, { corpId, input, caller }) {
    await removeClient(ctx, caller.actor, corpId, input.id)
    return {}
  },
})
