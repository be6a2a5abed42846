import type { Retention } from '../../platform/storage/retention.ts'

export const agentRetention: readonly Retention[] = [
  { table: 'agent_callback', isBounded: true, because: 'one row per agent' },
]
