import { createContext, use } from 'react'
import { useText } from '../../ui/text.ts'
import type { Content, Rule } from './words.ts'

const accountCalls = {
  rules: '/web/official/replies/rules',
  rule: '/web/official/replies/rule',
  saveRule: '/web/official/replies/rules/save',
  removeRule: '/web/official/replies/rules/remove',
  flows: '/web/official/replies/flows',
  saveFlow: '/web/official/replies/flows/save',
  removeFlow: '/web/official/replies/flows/remove',
  simulate: '/web/official/replies/simulate',
} as const

const agentCalls = {
  rules: '/web/agents/replies/rules',
  rule: '/web/agents/replies/rule',
  saveRule: '/web/agents/replies/rules/save',
  removeRule: '/web/agents/replies/rules/remove',
  flows: '/web/agents/replies/flows',
  saveFlow: '/web/agents/replies/flows/save',
  removeFlow: '/web/agents/replies/flows/remove',
  simulate: '/web/agents/replies/simulate',
} as const

/** Whose rules and flows are edited: an official account's or an agent's. */
export type RepliesOwner = {
  calls: typeof accountCalls
  /** What names the owner in each call. */
  input: { originalId: string }
  name: string
  area: 'official-replies' | 'agent-replies'
  kinds: readonly Rule['kind'][]
  messageTypes: readonly MessageType[]
  contentTypes: readonly Content['type'][]
  /** Why nobody can be told that time is up; undefined where they can. */
  noTimeout: string | undefined
}

export type MessageType = 'text' | 'image' | 'voice' | 'video' | 'shortvideo' | 'location' | 'link'

export function accountOwner(
  account: { originalId: string; name: string },
  noTimeout: string | undefined,
): RepliesOwner {
  return {
    calls: accountCalls,
    input: { originalId: account.originalId },
    name: account.name,
    area: 'official-replies',
    kinds: ['subscribe', 'keyword', 'menu', 'type', 'default'],
    messageTypes: ['text', 'image', 'voice', 'video', 'shortvideo', 'location', 'link'],
    contentTypes: ['text', 'image', 'voice', 'news', 'transfer', 'person'],
    noTimeout,
  }
}

/** The calls of both are alike but for what can be answered, so that the compiler sees one kind of them. */
export function agentOwner(agent: { agentId: number; name: string }): RepliesOwner {
  return {
    calls: agentCalls as unknown as typeof accountCalls,
    input: { agentId: agent.agentId } as unknown as { originalId: string },
    name: agent.name,
    area: 'agent-replies',
    kinds: ['enter', 'keyword', 'menu', 'type', 'subscribe', 'default'],
    messageTypes: ['text', 'image', 'voice', 'video', 'location', 'link'],
    contentTypes: ['text', 'articles', 'card', 'image', 'voice', 'video', 'markdown'],
    noTimeout: undefined,
  }
}

const CurrentOwner = createContext<RepliesOwner | undefined>(undefined)
export const RepliesOf = CurrentOwner.Provider

export function useOwner(): RepliesOwner {
  const owner = use(CurrentOwner)
  if (!owner) throw new Error('nobody owns these replies')
  return owner
}

/** The texts of this kind of owner. */
export function useRepliesText() {
  return useText(useOwner().area)
}

/** What an act changes. */
export const refreshReplies = ['/web/official/replies', '/web/agents/replies']
