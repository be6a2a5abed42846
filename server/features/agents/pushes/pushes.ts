import { pushesOfKind } from '../../../platform/inbox/pushes.ts'

/** An agent of a corp, also one that was removed: what it heard is kept for a while. */
export type OfAgent = { corpId: string; agentId: number }

/** In a replay developers are told again, under the same number. Nothing is answered or passed on again. */
export const agentPushes = pushesOfKind({
  stream: 'agent',
  act: 'agent.replay',
  /** In lower case. */
  person: 'userId',
  personIn: entity => (entity.startsWith('user:') ? entity.slice('user:'.length) : ''),
  keyOf: ({ corpId, agentId }: OfAgent) => ({ corpId, account: String(agentId) }),
})
