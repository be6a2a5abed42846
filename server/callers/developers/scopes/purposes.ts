import { type Scope, scopes } from '../../../platform/http/scope.ts'
import type { Words } from '../../../platform/words.ts'

/** What developers are for, as a person says it when one is made, in the order in which it is offered. */
const purposeWords = {
  directory: { zh: '读通讯录', en: 'Read the address book' },
  message: { zh: '发消息', en: 'Send messages' },
  todo: { zh: '待办', en: 'To-dos' },
  pay: { zh: '支付', en: 'Payments' },
  signIn: { zh: '让自己的应用登录', en: 'Sign people in to its apps' },
  official: { zh: '公众号', en: 'Official accounts' },
  agent: { zh: '收应用消息', en: 'Receive messages to agents' },
  event: { zh: '订阅事件', en: 'Subscribe to events' },
  source: { zh: '提交人事数据', en: 'Give HR data' },
  upstream: { zh: '代调用', en: 'Passed-on calls' },
} as const satisfies Record<string, Words>

export type PurposeName = keyof typeof purposeWords

/**
 * The purpose of each scope. Choosing the purpose gives the scope, unless it is `asked`: then it shows more of people, costs money
 * or changes what others rely on, and is chosen by itself.
 */
const purposeOf: Readonly<Record<Scope, PurposeName | { asked: PurposeName }>> = {
  'directory:read': 'directory',
  'directory:mobile': { asked: 'directory' },
  'directory:profile': { asked: 'directory' },
  'tag:write': { asked: 'directory' },
  'source:write': 'source',
  'message:send': 'message',
  'message:type': 'message',
  'inbox:embed': { asked: 'message' },
  'chat:write': { asked: 'message' },
  'sms:send': { asked: 'message' },
  'directory:external': { asked: 'directory' },
  'code:send': { asked: 'message' },
  'code:any': { asked: 'message' },
  'ticket:issue': 'signIn',
  'pay:read': 'pay',
  'pay:write': 'pay',
  'pay:refund': { asked: 'pay' },
  'agent:read': 'agent',
  'agent:location': { asked: 'agent' },
  'official:read': 'official',
  'official:write': { asked: 'official' },
  'todo:read': 'todo',
  'todo:write': 'todo',
  'approval:read': { asked: 'todo' },
  'approval:write': { asked: 'todo' },
  'webhook:manage': 'event',
  'upstream:call': 'upstream',
}

/** What the console's form of a new developer begins with. */
export const initialPurpose: PurposeName = 'directory'

export type Purpose = {
  name: PurposeName
  words: Words
  /** Those that come with it. */
  scopes: Scope[]
  /** Those that are chosen by themselves. */
  asked: Scope[]
}

/** The purposes that have any of these scopes. */
export function purposesOf(offered: readonly Scope[]): Purpose[] {
  return (Object.keys(purposeWords) as PurposeName[])
    .map(name => ({
      name,
      words: purposeWords[name],
      scopes: offered.filter(scope => purposeOf[scope] === name),
      asked: offered.filter(scope => isAskedFor(scope, name)),
    }))
    .filter(one => one.scopes.length + one.asked.length > 0)
}

function isAskedFor(scope: Scope, name: PurposeName): boolean {
  const purpose = purposeOf[scope]
  return typeof purpose === 'object' && purpose.asked === name
}

/** The scopes that a developer for these purposes has to begin with. */
export function scopesFor(names: readonly PurposeName[]): Scope[] {
  return scopes.filter(scope => names.some(name => purposeOf[scope] === name))
}
