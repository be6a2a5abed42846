import { Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { structured, text } from '../../../platform/http/input.ts'
import type { App } from '../../apps/app.ts'
import type { Apps } from '../../apps/catalog.ts'
import type { AppSignIns } from '../catalog.ts'
import { renewClientSecret, setSignIn } from '../set-sign-in.ts'
import { signInSettingsOf, signInShape } from './settings-shape.ts'

type Needs = Core & { apps: Apps; appSignIns: AppSignIns; corps: Corps }

const id = text({ zh: '应用 id', en: 'Id of the app' }, { max: 64 })
const { kind, ...further } = signInShape

const signInOutput = Type.Object({
  id: Type.String(),
  kind,
  ...Type.Partial(Type.Object(further)).properties,
  waiting: Type.Array(Type.String(), {
    about: {
      zh: '等待批准、尚未提供的信息和字段',
      en: 'Claims and attributes that wait to be approved, and are not given before',
    },
  }),
  clientId: Type.String({
    about: { zh: '客户端 id；没有则为空', en: 'Id of the client; empty without one' },
  }),
  issuer: Type.String({ about: { zh: 'OpenID Connect 的 issuer', en: 'The issuer of OpenID Connect' } }),
  casBase: Type.String({ about: { zh: 'CAS 的地址', en: 'Where CAS answers' } }),
})

function shown(ctx: Needs, app: App) {
  const signIn = ctx.appSignIns.of(app.id)
  const named = [...(signIn?.claims ?? []), ...(signIn?.attributes ?? [])]
  return {
    id: app.id,
    ...signInSettingsOf(ctx, app),
    waiting: named.filter(one => one.approvedAt === '').map(one => one.name),
    clientId: signIn?.oidc?.clientId ?? '',
    ...ctx.appSignIns.addressesOf(app.corpId),
  }
}

const sample = {
  id: 'app1f0c2a9e8d7b',
  kind: 'oidc',
  relation: 'own',
  isFramed: false,
  leastAcr: 1,
  userNameField: 'userid',
  claims: [{ name: 'email', purpose: '发送通知' }],
  attributes: [],
  groups: { departments: true, tags: false, roles: false },
  oidc: {
    isPublic: false,
    redirectUris: ['https://oa.example.com/callback'],
    postLogoutRedirectUris: [],
    logoutUri: '',
    privateSchemes: false,
    refresh: false,
    device: false,
    idTokenAlg: 'RS256',
  },
  waiting: ['email'],
  clientId: 'wisp-0a1b2c3d4e5f60718',
  issuer: 'https://wisp.example.com/oidc/wwb1d5c0ffee123456',
  casBase: '',
}
const sampleSettings = { kind: 'oidc', oidc: { redirectUris: ['https://oa.example.com/callback'] } }
const secretOutput = Type.String({
  about: {
    zh: '新的客户端密钥，只返回这一次；没有新建则为空',
    en: 'A new secret of the client, returned only here; empty where none was made',
  },
})

export const adminSignIn = adminCall({
  method: 'GET',
  path: '/api/admin/app/signIn',
  range: 'app',
  summary: { zh: '一个应用的登录方式', en: 'How an app signs people in' },
  scope: 'admin:read',
  point: 'app:read',
  reach: 'corp',
  input: { id },
  output: signInOutput,
  errors: ['unknownDeveloper'],
  sample,
  sampleInput: { id: '{appId}' },
  handle: async (ctx: Needs, { corpId, input }) => shown(ctx, ctx.apps.get(corpId, input.id)),
})

export const adminSetSignIn = adminCall({
  method: 'POST',
  path: '/api/admin/app/signIn/set',
  range: 'app',
  summary: { zh: '设置应用的登录方式', en: 'Set how an app signs people in' },
  description: {
    zh: '没有给出的设置不变。新增的信息（claims、attributes）须由超级管理员在控制台批准后才提供。',
    en: 'What is left out stays. Claims and attributes that are new are given once a super administrator has approved them in the console.',
  },
  scope: 'admin:apps',
  point: 'app:sign-in',
  reach: 'corp',
  input: {
    id,
    settings: structured(
      { zh: '登录方式', en: 'How it signs people in' },
      Type.Object(
        { kind, ...Type.Partial(Type.Object(further)).properties },
        { additionalProperties: false },
      ),
    ),
  },
  output: Type.Object({ ...signInOutput.properties, clientSecret: secretOutput }),
  errors: ['unknownDeveloper'],
  sample: { ...sample, clientSecret: 'Zb0…' },
  sampleInput: { id: '{appId}', settings: sampleSettings },
  async handle(ctx: Needs, { corpId, input, caller }) {
    const app = ctx.apps.get(corpId, input.id)
    const by = { actor: caller.actor, approves: true, isProgram: true } as const
    const { clientSecret } = await setSignIn(ctx, by, corpId, app.id, input.settings)
    return { ...shown(ctx, app), clientSecret }
  },
})

export const adminRenewClientSecret = adminCall({
  method: 'POST',
  path: '/api/admin/app/signIn/renewSecret',
  range: 'app',
  summary: { zh: '更换应用的客户端密钥', en: "Renew the secret of an app's client" },
  description: {
    zh: '旧的立即失效，新的只返回这一次。',
    en: 'The old one ends at once, and the new one is returned only here.',
  },
  scope: 'admin:apps',
  point: 'app:sign-in',
  reach: 'corp',
  input: { id },
  output: Type.Object({ clientId: Type.String(), clientSecret: secretOutput }),
  errors: ['unknownDeveloper'],
  sample: { clientId: sample.clientId, clientSecret: 'Zb0…' },
  sampleInput: { id: '{appId}' },
  async handle(ctx: Needs, { corpId, input, caller }) {
    const app = ctx.apps.get(corpId, input.id)
    const clientSecret = await renewClientSecret(ctx, caller.actor, corpId, app.id)
    return { clientId: ctx.appSignIns.of(app.id)?.oidc?.clientId ?? '', clientSecret }
  },
})
