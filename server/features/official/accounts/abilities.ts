import { ApiError } from '../../../platform/http/errors.ts'
import { ownWords } from '../../../platform/http/told.ts'
import type { Words } from '../../../platform/words.ts'
import type { Account, AccountKind } from './accounts.ts'

/** Which accounts of a kind may use something: all, those verified by WeChat (微信认证), or none. */
export const whose = ['all', 'verified', 'none'] as const
type AbilityHolder = (typeof whose)[number]

type Ability = { readonly title: Words } & Readonly<Record<AccountKind, AbilityHolder>>

/**
 * What WeChat lets each kind of account call (docs/upstream/official-calls.md#kinds-of-accounts). Where that names no kind, the
 * table of WeChat's own 接口权限 page stands.
 */
export const abilities = {
  reply: {
    title: { zh: '接收消息、被动回复', en: 'receive messages and answer them at once' },
    subscription: 'all',
    service: 'all',
  },
  customMessage: {
    title: { zh: '客服消息', en: 'customer-service messages' },
    subscription: 'verified',
    service: 'verified',
  },
  followers: {
    title: { zh: '粉丝、标签、备注、黑名单', en: 'followers, tags, remarks and black list' },
    subscription: 'verified',
    service: 'verified',
  },
  sceneQr: {
    title: { zh: '带参数的二维码', en: 'QR codes with a scene' },
    subscription: 'none',
    service: 'verified',
  },
  webAuthorisation: {
    title: { zh: '网页授权（得知访问者是谁）', en: 'web authorisation (who opens a page)' },
    subscription: 'none',
    service: 'verified',
  },
  jssdk: {
    title: { zh: 'JS-SDK', en: 'JS-SDK' },
    subscription: 'all',
    service: 'all',
  },
  menu: {
    title: { zh: '自定义菜单', en: 'menu' },
    subscription: 'verified',
    service: 'all',
  },
  personalisedMenu: {
    title: { zh: '个性化菜单', en: 'personalised menus' },
    subscription: 'verified',
    service: 'verified',
  },
  mass: {
    title: { zh: '群发给全部粉丝或标签', en: 'mass messages to all followers or a tag' },
    subscription: 'verified',
    service: 'verified',
  },
  massByList: {
    title: { zh: '按名单群发', en: 'mass messages to a list' },
    subscription: 'none',
    service: 'verified',
  },
  template: {
    title: { zh: '模板消息', en: 'template messages' },
    subscription: 'none',
    service: 'verified',
  },
  subscriptionNotice: {
    title: { zh: '订阅通知', en: 'subscription notices' },
    subscription: 'verified',
    service: 'verified',
  },
  oneTimeSubscription: {
    title: { zh: '一次性订阅消息', en: 'one-time subscription messages' },
    subscription: 'verified',
    service: 'verified',
  },
  media: {
    title: { zh: '临时素材', en: 'temporary media' },
    subscription: 'verified',
    service: 'verified',
  },
  material: {
    title: { zh: '永久素材与草稿', en: 'permanent media and drafts' },
    subscription: 'all',
    service: 'all',
  },
  publish: {
    title: { zh: '发布文章（不推送给粉丝）', en: 'publish articles (without pushing them)' },
    subscription: 'verified',
    service: 'all',
  },
  figures: {
    title: { zh: '数据统计', en: 'statistics of WeChat' },
    subscription: 'verified',
    service: 'verified',
  },
} as const satisfies Record<string, Ability>

export type AbilityName = keyof typeof abilities

export const abilityNames = Object.keys(abilities) as AbilityName[]

type AccountStatus = Pick<Account, 'kind' | 'verified'>

export const kindNames: Record<AccountKind, Words> = {
  subscription: { zh: '公众号（原订阅号）', en: '公众号 (formerly 订阅号)' },
  service: { zh: '服务号', en: '服务号 (service account)' },
}

/** Why the account may not do it; undefined when it may. */
export function whyNot(account: AccountStatus, name: AbilityName): Words | undefined {
  const ability: Ability = abilities[name]
  const who = ability[account.kind]
  if (who === 'all' || (who === 'verified' && account.verified)) return undefined
  const { title } = ability
  if (who === 'verified')
    return {
      zh: `${title.zh}需要微信认证，该账号未认证`,
      en: `${title.en}: only for accounts verified by WeChat, and this one is not`,
    }
  const condition = ability.service === 'verified' ? { zh: '已认证的', en: 'verified ' } : { zh: '', en: '' }
  return {
    zh: `${title.zh}只对${condition.zh}服务号开放`,
    en: `${title.en}: only for a ${condition.en}service account (服务号)`,
  }
}

/** Throws 1009 when an account of this kind may not call it, so that WeChat need not refuse it with 48001. */
export function checkAbility(account: AccountStatus, name: AbilityName): void {
  const why = whyNot(account, name)
  if (why) throw new ApiError('forbidden', ownWords(why))
}
