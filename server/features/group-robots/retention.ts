import type { Retention } from '../../platform/storage/retention.ts'
import { pruneRobotPaces } from '../channels/robot/pace.ts'

export const robotRetention: readonly Retention[] = [
  { table: 'group_robot', isBounded: true, because: 'at most 200 rows per corp' },
  { table: 'group_robot_grant', isBounded: true, because: 'at most 200 rows per robot' },
  {
    table: 'group_robot_pace',
    keptDays: 1,
    countedFrom: 'the last message of the robot',
    prune: pruneRobotPaces,
  },
]
