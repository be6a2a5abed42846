import type { OfficialPlatform } from './platform.ts'
import type { Profile } from './state/profile.ts'

/** Where the platform answers, and the accounts with what a bound one is entered with. */
export interface OfficialAccounts {
  /** Replaces https://api.weixin.qq.com; has no trailing slash. */
  url: string
  /** Replaces https://open.weixin.qq.com/connect/oauth2/authorize. */
  authorizeUrl: string
  /** A verified 服务号, a 公众号 that is not verified, and one that is. */
  accounts: Pick<Profile, 'originalId' | 'appId' | 'secret' | 'name' | 'kind' | 'verified'>[]
}

export const officialOf = (platform: OfficialPlatform): OfficialAccounts => ({
  url: platform.url,
  authorizeUrl: `${platform.url}/connect/oauth2/authorize`,
  accounts: platform.accounts.map(({ profile: { followers: _, wechatId: __, ...account } }) => account),
})
