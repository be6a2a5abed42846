import { createContext, type ReactNode, use } from 'react'
import type { Answer, Row } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'

const accountCalls = {
  list: '/web/official/pushes',
  one: '/web/official/push',
  replay: '/web/official/push/replay',
  replayFiltered: '/web/official/push/replay-filtered',
} as const

const agentCalls = {
  list: '/web/agents/pushes',
  one: '/web/agents/push',
  replay: '/web/agents/push/replay',
  replayFiltered: '/web/agents/push/replay-filtered',
} as const

export type PushRow = Row<typeof accountCalls.list>
export type Push = Answer<typeof accountCalls.one>
export type Fact = { key: string; label: string; children: ReactNode }

/** To whom was pushed what is listed, and what differs in how it is shown. */
export type PushesOwner = {
  calls: typeof accountCalls
  /** What names the owner in each call. */
  input: { originalId: string }
  area: 'official-pushes' | 'agents'
  /** The name of the list. */
  label: string
  /** The key of the column of whose act a push was. */
  fromKey: string
  from(push: PushRow): ReactNode
  /** The name of a kind. */
  kind(kind: string): string
  /** What is known of the answer. */
  answered(push: Push): Fact[]
}

type PushColumns<P> = Pick<PushesOwner, 'label' | 'kind'> & { from(push: P): ReactNode }

export function accountPushes(
  originalId: string,
  shown: PushColumns<PushRow> & { answered(push: Push): Fact[] },
): PushesOwner {
  return { ...shown, calls: accountCalls, input: { originalId }, area: 'official-pushes', fromKey: 'openid' }
}

/** The calls of both are alike but for whose act a push was and the answer, so that the compiler sees one kind of them. */
export function agentPushes(
  agentId: number,
  shown: PushColumns<Row<typeof agentCalls.list>> & { answered(push: Answer<typeof agentCalls.one>): Fact[] },
): PushesOwner {
  return {
    ...(shown as unknown as PushColumns<PushRow> & { answered(push: Push): Fact[] }),
    calls: agentCalls as unknown as typeof accountCalls,
    input: { agentId } as unknown as { originalId: string },
    area: 'agents',
    fromKey: 'userId',
  }
}

const CurrentOwner = createContext<PushesOwner | undefined>(undefined)
export const PushesOf = CurrentOwner.Provider

export function usePushesOwner(): PushesOwner {
  const owner = use(CurrentOwner)
  if (!owner) throw new Error('nobody owns these pushes')
  return owner
}

/** The texts of this kind of owner. */
export function usePushesText() {
  return useText(usePushesOwner().area)
}

/** What a replay changes. */
export const refreshPushes = ['/web/official/push', '/web/agents/push']
