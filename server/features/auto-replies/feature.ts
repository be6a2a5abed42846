import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'
import { deleteEndedPlaces, pruneFlowStates, pruneGreetings } from './store.ts'

/** Rules and flows that answer what people write, on behalf of owners that other features have (owner.ts). */
export const autoRepliesFeature = feature<Core>()({
  name: 'auto-replies',
  tables: [
    { table: 'official_rule', isBounded: true, because: 'two thousand per account or agent at most' },
    { table: 'official_flow', isBounded: true, because: 'a hundred per account or agent at most' },
    {
      table: 'official_flow_state',
      keptDays: 0,
      countedFrom: 'the end of the time in which an answer is waited for',
      prune: pruneFlowStates,
    },
    {
      table: 'reply_greeting',
      keptDays: 400,
      countedFrom: 'the welcome; afterwards a follower who is welcomed only once is welcomed again',
      prune: pruneGreetings,
    },
  ],
  restored: deleteEndedPlaces,
})
