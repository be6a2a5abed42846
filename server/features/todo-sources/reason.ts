import type { Words } from '../../platform/words.ts'

/** Why a push was not understood, by the names under which it is stored. */
export const reasons = {
  unknownReceiver: {
    zh: '通讯录里没有这个待办人',
    en: 'the address book has no such person',
  },
  doubledReceiver: {
    zh: '通讯录里有两个人对应这个待办人',
    en: 'two people of the address book go by this name',
  },
  unknownSender: { zh: '通讯录里没有这个发起人', en: 'the address book has no such sender' },
  notAPerson: {
    zh: '待办人是部门、岗位或群组，只接收人员',
    en: 'the receiver is a department, post or group: only persons are taken',
  },
  unknownSystem: { zh: '系统标识不在来源的名单里', en: 'the source does not list this system' },
  missing: { zh: '缺少字段', en: 'a field is missing' },
  badField: { zh: '字段的内容不对', en: 'a field is wrong' },
  tooLong: { zh: '字段太长', en: 'a field is too long' },
  noAddress: {
    zh: '没有可以打开的地址，来源的地址前缀和应用主页也都没有',
    en: 'there is no address to open, nor a prefix or a home page of the app',
  },
  badAddress: {
    zh: '地址不是 http:// 或 https:// 开头，来源也没有设置地址前缀',
    en: 'an address begins with neither http:// nor https://, and the source has no prefix',
  },
  badBody: { zh: '内容不是约定的格式或编码', en: 'the body is in no format or encoding that is agreed' },
  unknownCall: { zh: '没有这个接口', en: 'there is no such call' },
  noTodo: {
    zh: '还没有收到这条待办；收到后自动生效',
    en: 'the to-do has not come yet; this is applied when it does',
  },
} as const satisfies Record<string, Words>

export type Reason = keyof typeof reasons

export function isReason(text: string): text is Reason {
  return Object.hasOwn(reasons, text)
}

/** A push, or what it says of one to-do, is not understood. `about` is who or what. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood'
  readonly reason: Reason
  readonly about: string
  constructor(reason: Reason, about: string) {
    super(`${reason}: ${about}`)
    this.reason = reason
    this.about = about
  }
}
