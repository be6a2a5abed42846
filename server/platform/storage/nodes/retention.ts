import type { Retention } from '../retention.ts'
import { pruneBatches } from './batch-store.ts'
import { pruneDeadNodes } from './node-store.ts'

export const nodeRetention: Retention[] = [
  {
    table: 'node',
    keptDays: 1,
    countedFrom: 'when the node was last alive; its own row goes when it stops',
    prune: pruneDeadNodes,
  },
  {
    table: 'node_batch',
    keptDays: 1,
    countedFrom: 'when the node last added its counts to those of all',
    prune: pruneBatches,
  },
]
