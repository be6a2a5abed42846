import { Type } from 'typebox'
import { structured, text } from '../../../platform/http/input.ts'
import { groupsSchema } from './sign-in-view.ts'

const optional = Type.Optional
const uri = Type.String({ maxLength: 2000 })
const uris = Type.Array(uri, { maxItems: 20 })
const word = (maxLength: number) => Type.String({ maxLength })

const oidcShape = Type.Object({
  isPublic: optional(Type.Boolean()),
  redirectUris: optional(uris),
  postLogoutRedirectUris: optional(uris),
  logoutUri: optional(uri),
  privateSchemes: optional(Type.Boolean()),
  refresh: optional(Type.Boolean()),
  device: optional(Type.Boolean()),
  idTokenAlg: optional(Type.Enum(['RS256', 'ES256'])),
})

const casShape = Type.Object({
  services: optional(uris),
  allowsHttp: optional(Type.Boolean()),
  ticketSeconds: optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
  attributesInV2: optional(Type.Boolean()),
  singleLogout: optional(Type.Boolean()),
  logoutUri: optional(uri),
})

const claim = { name: word(64), purpose: word(500), approve: optional(Type.Boolean()) }

export const appId = text('应用 id', { max: 64 })

export const settings = structured(
  '登录方式；没有给出的保持不变',
  Type.Object({
    kind: Type.Enum(['none', 'jession', 'oidc', 'cas']),
    relation: optional(Type.Enum(['own', 'entrusted', 'third-party'])),
    isFramed: optional(Type.Boolean()),
    leastAcr: optional(Type.Integer({ minimum: 0, maximum: 9 })),
    userNameField: optional(word(64)),
    claims: optional(Type.Array(Type.Object(claim), { maxItems: 10 })),
    attributes: optional(Type.Array(Type.Object({ ...claim, field: word(64) }), { maxItems: 40 })),
    groups: optional(groupsSchema),
    oidc: optional(oidcShape),
    cas: optional(casShape),
  }),
)
