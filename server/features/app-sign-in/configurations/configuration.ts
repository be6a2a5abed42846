import type { Words } from '../../../platform/words.ts'
import type { ClaimName } from '../app-sign-in.ts'

/** What the texts are filled with. */
export type Values = {
  name: string
  issuer: string
  clientId: string
  /** Stands in the place of the secret, which the page puts in when it has just been shown. */
  clientSecret: string
  redirectUri: string
  scope: string
  /** Without the slash at its end. */
  casBase: string
  service: string
  /** Of the service. */
  origin: string
}

/** Well-known software that people sign in to by wisp: what wisp is set to for it, and what it is set to itself. */
export type Program = {
  /** Names it in calls and commands. */
  id: string
  name: string
  /** Its letters in white on a colour, as the icon of a new app. */
  icon: { letters: string; colour: string }
  /** Whether a test signs in by exactly this text. */
  isTried: boolean
  /** Where the text stands. */
  file: string
  text: (values: Values) => string
  /** What it reads of a person, and what it needs that for. */
  claims: readonly { name: ClaimName; purpose: Words }[]
} & Protocol

type Protocol =
  | {
      kind: 'oidc'
      /** Paths below its address that people are sent back to (docs/upstream/openid-connect.md#redirect-addresses-of-programs). */
      callbacks: readonly [string, ...string[]]
      /** Path that takes logout tokens. */
      logout?: string
    }
  | { kind: 'cas' }

export const namesShown = {
  name: 'profile',
  purpose: { zh: '显示姓名和账号', en: 'show names and accounts' },
} as const
export const mailed = { name: 'email', purpose: { zh: '发送通知', en: 'send notices' } } as const
export const groupsGiven = {
  name: 'groups',
  purpose: { zh: '按组分配权限', en: 'grant rights by group' },
} as const
