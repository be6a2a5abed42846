/**
 * What wisp keeps of a person, table by table. Each room declares its own beside how long its rows stay (`retention.ts`). The register, a person's
 * copy, the erasure and the legal hold are made of these declarations, and `test/personal.test.ts` fails for a column that looks personal and that
 * no room declares.
 */

import type { Tables } from '../tables.ts'

/** As `Words` of http/, which is above the storage. */
type Words = { zh: string; en: string }

/**
 * What a column says of a person. The first three name the row's person by `member.id`, and where a table has one of them its other columns do not
 * decide whose row it is. `quoted` is JSON that has userids among its strings. `text` is data of the row's person that names nobody.
 */
export type ColumnRole =
  | 'member'
  | 'members'
  | 'owner'
  | 'userId'
  | 'userIds'
  | 'quoted'
  | 'mobile'
  | 'mail'
  | 'openid'
  | 'openids'
  | 'text'

/** Why it is kept. */
export const purposes = {
  addressBook: { zh: '通讯录同步、查询与权限判断', en: 'address book, searches and permissions' },
  administration: { zh: '记录由谁设置和管理', en: 'who set up and administers what' },
  apps: { zh: '进入应用与单点登录', en: 'opening apps and single sign-on' },
  delivery: { zh: '把变更推送给已获授权的开发者', en: 'telling changes to developers with the scope' },
  diagnosis: { zh: '排查故障', en: 'finding faults' },
  followers: { zh: '公众号服务', en: 'service by official accounts' },
  messages: { zh: '发送消息并查询结果', en: 'sending messages and telling what became of them' },
  payments: { zh: '缴费、退款与对账', en: 'bills, refunds and reconciliation' },
  preferences: { zh: '保存本人的设置', en: 'keeping what the person chose' },
  rights: { zh: '办理个人信息的查阅、删除与保全', en: 'copies, erasures and holds of personal data' },
  security: { zh: '安全审计', en: 'security audit' },
  signIn: { zh: '登录与身份验证', en: 'signing in and proving identity' },
  todos: { zh: '统一待办', en: 'to-dos' },
} as const satisfies Record<string, Words>
export type Purpose = keyof typeof purposes

/** To whom it is given beside the administrators with the right. */
export const recipients = {
  apps: { zh: '登录时给应用', en: 'apps at sign-in' },
  developers: { zh: '按权限与数据范围给开发者', en: 'developers, within scope and data scope' },
  vendors: { zh: '短信、邮件服务商', en: 'vendors of SMS and mail' },
  wecom: { zh: '企业微信', en: 'WeCom' },
  wechat: { zh: '微信公众平台与微信支付', en: 'WeChat and WeChat Pay' },
} as const satisfies Record<string, Words>
export type Recipient = keyof typeof recipients

/** Why it stays when the person is erased. */
export const stayReasons = {
  acts: {
    zh: '操作记录按法律保留，到期删除',
    en: 'acts are kept by law until their retention ends',
  },
  signIns: {
    zh: '登录与被拒绝的请求按法律保留，到期删除',
    en: 'sign-ins and refusals are kept by law until their retention ends',
  },
  money: {
    zh: '账单与支付记录用于对账，按会计要求保留',
    en: 'bills and payments are kept for accounts',
  },
  short: { zh: '短期记录，到期自动删除', en: 'a short-lived record that goes by itself' },
  numbers: {
    zh: '只剩内部编号，删除后不再指向任何人',
    en: 'an internal number that names nobody after the erasure',
  },
  content: {
    zh: '发给多人的内容，与消息一起到期删除',
    en: 'content sent to several people, which goes with its message',
  },
  follower: {
    zh: '公众号粉丝的数据；已取消与成员的关联',
    en: 'data of a follower of an official account, whose link to the member is removed',
  },
  sync: {
    zh: '企业微信的数据，由同步更新',
    en: 'data of WeCom that syncs replace',
  },
  files: {
    zh: '不再被引用的文件在一天后的夜里删除',
    en: 'a file that nothing refers to is deleted in the night after a day',
  },
  proof: {
    zh: '证明同意、删除与保全的记录',
    en: 'it proves a consent, an erasure or a hold',
  },
} as const satisfies Record<string, Words>
export type StayReason = keyof typeof stayReasons

export type PersonalTable = {
  table: keyof Tables
  /** What it is, as the register and a person's copy say. */
  what: Words
  why: Purpose
  given?: readonly Recipient[]
  columns: Readonly<Record<string, ColumnRole>>
  /** Columns of a copy beside these and the times. */
  shown?: readonly string[]
  /** The column that has the corp, where that is not `corp_id`. */
  corp?: string
  /** Rows whose person another declared table names. `by`: own columns and theirs. */
  through?: { table: keyof Tables; by: readonly (readonly [own: string, theirs: string])[] }
  /** Rows of the table that are meant, by these values. */
  only?: Readonly<Record<string, number | string>>
  /**
   * `rows` are deleted. `names`: the row stays, with a code in place of the userid and nothing of the person. `goes`: with the member's row.
   * Otherwise it stays, for this reason.
   */
  erased: 'rows' | 'names' | 'goes' | StayReason
}

/** What a room has to say before a person is erased; undefined when nothing of it forbids that. */
export type ErasureObstacle<C> = (ctx: C, corpId: string, memberId: number) => Promise<Words | undefined>

/** Done again, it ends nothing more. */
export type PersonEnd<C> = (ctx: C, corpId: string, memberId: number) => Promise<void>
