import { Type } from 'typebox'
import type { App } from '../../apps/app.ts'
import type { AppSignIns } from '../catalog.ts'

const closed = { additionalProperties: false }
const uri = Type.String({ maxLength: 2000 })
const uris = (zh: string, en: string) => Type.Array(uri, { maxItems: 20, about: { zh, en } })
const yes = (zh: string, en: string) => Type.Boolean({ about: { zh, en } })
const logoutUri = Type.String({
  maxLength: 2000,
  about: { zh: '退出通知地址；空为没有', en: 'Where it is told of signing out; empty: nowhere' },
})
const claim = {
  name: Type.String({ maxLength: 64 }),
  purpose: Type.String({ maxLength: 500, about: { zh: '用途', en: 'What it is for' } }),
}

const oidc = Type.Partial(
  Type.Object({
    isPublic: yes('公开客户端，没有密钥', 'A public client, without a secret'),
    redirectUris: uris('重定向地址', 'Redirect addresses'),
    postLogoutRedirectUris: uris('退出后可返回的地址', 'Addresses to return to after signing out'),
    logoutUri,
    privateSchemes: yes('重定向地址可用应用自己的协议名', 'Redirect addresses may be of a scheme of its own'),
    refresh: yes('允许续期', 'Whether it may renew its tokens'),
    device: yes('允许设备码', 'Whether it may use device codes'),
    idTokenAlg: Type.Enum(['RS256', 'ES256'], {
      about: { zh: 'id_token 的签名算法', en: 'How its id_tokens are signed' },
    }),
  }),
  closed,
)

const cas = Type.Partial(
  Type.Object({
    services: uris('服务地址', 'Services'),
    allowsHttp: yes('服务地址可以是 http', 'Services may be http'),
    ticketSeconds: Type.Integer({
      minimum: 10,
      maximum: 300,
      about: { zh: '票据有效秒数', en: 'For how many seconds a ticket is good' },
    }),
    attributesInV2: yes('serviceValidate 也返回属性', 'serviceValidate has attributes too'),
    singleLogout: yes('单点退出', 'Single logout'),
    logoutUri,
  }),
  closed,
)

/** How an app signs people in, without its secret and without who approved what. */
export const signInShape = {
  kind: Type.Enum(['none', 'jession', 'oidc', 'cas'], {
    about: {
      zh: 'jession 用 jessionId；oidc OpenID Connect；cas；none 不经 wisp 登录',
      en: 'jession: by a jessionId; oidc: OpenID Connect; cas; none: not by wisp',
    },
  }),
  relation: Type.Enum(['own', 'entrusted', 'third-party'], {
    about: {
      zh: '与本单位的关系：自有、委托处理、第三方',
      en: 'Whose system it is: our own, entrusted, or of a third party',
    },
  }),
  isFramed: yes('在工作台的框内打开', 'Whether it opens in the frame of the workbench'),
  leastAcr: Type.Integer({ minimum: 1, maximum: 3, about: { zh: '最低认证级别', en: 'The least acr' } }),
  userNameField: Type.String({
    maxLength: 64,
    about: { zh: '用户名取自哪个字段', en: 'The field that is the user name' },
  }),
  claims: Type.Array(Type.Object(claim, closed), {
    maxItems: 10,
    about: {
      zh: '提供的信息；新增的须由超级管理员在控制台批准后才提供',
      en: 'What it is told of a person; what is new waits until a super administrator approves it in the console',
    },
  }),
  attributes: Type.Array(Type.Object({ ...claim, field: Type.String({ maxLength: 64 }) }, closed), {
    maxItems: 30,
    about: { zh: '另外提供的字段，同样须批准', en: 'Further fields, which are approved likewise' },
  }),
  groups: Type.Object(
    {
      departments: yes('部门', 'Departments'),
      tags: yes('标签', 'Tags'),
      roles: yes('角色', 'Roles'),
      memberGroups: Type.Optional(yes('人群', 'Groups of members')),
    },
    { ...closed, about: { zh: 'groups 由什么组成', en: 'What groups are made of' } },
  ),
  oidc,
  cas,
}

/** Returns the sign-in settings of an app; an app that uses a jessionId has only its kind. */
export function signInSettingsOf({ appSignIns }: { appSignIns: AppSignIns }, { id }: Pick<App, 'id'>) {
  const signIn = appSignIns.of(id)
  if (!signIn) return { kind: 'jession' as const }
  const { kind, relation, isFramed, leastAcr, userNameField, groups, oidc, cas } = signIn
  const { clientId: _clientId, ...client } = oidc ?? { clientId: '' }
  return {
    kind,
    relation,
    isFramed,
    leastAcr,
    userNameField,
    groups,
    claims: signIn.claims.map(({ name, purpose }) => ({ name, purpose })),
    attributes: signIn.attributes.map(({ name, field, purpose }) => ({ name, field, purpose })),
    ...(oidc ? { oidc: client } : {}),
    ...(cas ? { cas } : {}),
  }
}
