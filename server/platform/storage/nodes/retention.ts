import type { Retention } from '../retention.ts'
import { pruneDeadNodes } from './node-store.ts'

export const nodeRetention: Retention[] = [{ table: 'node', keptDays: 1, prune: pruneDeadNodes }]
