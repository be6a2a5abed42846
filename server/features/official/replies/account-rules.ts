import type { Books } from '../../auto-replies/books.ts'
import type { Owner } from '../../auto-replies/conversation-owner.ts'
import type * as flows from '../../auto-replies/flows/flow.ts'
import type { OwnerKind } from '../../auto-replies/owner.ts'
import type * as rules from '../../auto-replies/rule.ts'
import { type Account, unknownAccount } from '../accounts/accounts.ts'
import { lockAccount } from '../accounts/store.ts'
import { type Content, checkChain, checkContents, checkTimeout } from './content.ts'
import { messageTypes } from './incoming.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'official-flow': true
  }
}

// What the rules and flows of automatic replies are for official accounts.

export type NewRule = rules.NewRule<Content>
export type NewFlow = flows.NewFlow<Content>
/** The rules and flows of all accounts. */
export type Replies = Books<Content>

export const accountKind: OwnerKind<Content> = {
  one: { zh: '一个公众号', en: 'an account' },
  person: { zh: '粉丝', en: 'the follower' },
  acts: 'official',
  stream: 'official-flow',
  messageTypes,
  ruleKinds: ['subscribe', 'menu', 'keyword', 'type', 'default'],
  menuKeyBytesAtMost: 128,
  checkContents,
  checkChain,
  checkTimeout,
  async lock(tx, { corpId, ownerId }) {
    if (!(await lockAccount(tx, corpId, ownerId))) throw unknownAccount(ownerId)
  },
}

export function ownerOf({ corpId, originalId }: Pick<Account, 'corpId' | 'originalId'>): Owner {
  return { corpId, ownerId: originalId }
}
