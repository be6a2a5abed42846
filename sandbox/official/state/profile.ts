import { createHash } from 'node:crypto'
import type { Button } from './button.ts'

/** `subscription` is a 公众号（原订阅号）, `service` a 服务号. */
export type Kind = 'subscription' | 'service'

/** Who an account is. */
export interface Profile {
  /** `gh_` and 12 hexadecimal digits. */
  originalId: string
  /** `wx` and 16 hexadecimal digits. */
  appId: string
  /** 32 hexadecimal digits. */
  secret: string
  name: string
  kind: Kind
  verified: boolean
  /** 微信号: what the names of its customer-service accounts end with. */
  wechatId: string
  /** How many made-up followers it has from the start. */
  followers: number
}

export type PushMode = 'plain' | 'compatible' | 'secure'

/** 服务器配置: where pushes go. */
export interface Server {
  url: string
  token: string
  encodingAesKey: string
  mode: PushMode
  format: 'xml' | 'json'
}

/** What was set in the account's console on WeChat's site. */
export interface Settings {
  server: Server | null
  /** Addresses that may ask for tokens; null is without a list. */
  whitelist: string[] | null
  /** The code that every request for a token is refused with: 89503, 89506, 89507, 40243, 50004, 50007. */
  tokenRefusal: number | null
  /** Whether the new customer service (新版客服) is on. */
  kfEnabled: boolean
  /** API 群发保护: messages to all wait for an administrator. */
  apiProtection: boolean
  /** The menu that was made on the site, with when in ms. */
  siteMenu: { at: number; button: Button[] } | null
  /** What get_current_autoreply_info answers. */
  autoReply: Record<string, unknown>
  /** 网页授权域名: the host of addresses that web authorisation goes back to; null allows any. */
  webDomain: string | null
}

export const defaultSettings = (): Settings => ({
  server: null,
  whitelist: null,
  tokenRefusal: null,
  kfEnabled: true,
  apiProtection: false,
  siteMenu: null,
  autoReply: {},
  webDomain: null,
})

export type NewAccount = Pick<Profile, 'name' | 'kind' | 'verified' | 'followers'>

/** A profile with made-up ids, which follow from the seed and the number of the account. */
export function profileOf(seed: number, number: number, account: NewAccount): Profile {
  const hex = createHash('sha256').update(`official ${seed} ${number}`).digest('hex')
  return {
    originalId: `gh_${hex.slice(0, 12)}`,
    appId: `wx${hex.slice(12, 28)}`,
    secret: hex.slice(28, 60),
    wechatId: `wisp_${hex.slice(0, 6)}`,
    ...account,
  }
}

/** The accounts that are there from the start. */
export const sampleAccounts: readonly NewAccount[] = [
  { name: '微科技服务号', kind: 'service', verified: true, followers: 1200 },
  { name: '微科技订阅号', kind: 'subscription', verified: false, followers: 60 },
  { name: '微科技资讯', kind: 'subscription', verified: true, followers: 60 },
]
