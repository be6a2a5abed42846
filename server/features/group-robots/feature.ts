/**
 * Group robots (群机器人) of WeCom, DingTalk and Feishu: who keeps which, and who may send by them. How they are spoken to is in
 * upstream/robots, how messages reach them in channels/robot.
 */

import { feature } from '../../platform/manifest/feature.ts'
import { addressSealed, secretSealed } from '../channels/robot/deliver.ts'
import * as admin from './admin-calls.ts'
import { robotCommands } from './commands.ts'
import { robotGrants } from './granted-store.ts'
import { robotRetention } from './retention.ts'
import * as calls from './robot-calls.ts'
import type { RobotNeeds } from './robots.ts'
import { robotSection } from './settings-section.ts'

export const groupRobotsFeature = feature<RobotNeeds>()({
  name: 'group-robots',
  optional: {
    title: { zh: '群机器人', en: 'Group robots' },
    brings: {
      zh: '发到企业微信、钉钉、飞书群',
      en: 'Developers send messages to group chats of WeCom, DingTalk and Feishu by group robots',
    },
    whenOff: ['/web/messages/robots/remove'],
  },
  adminCalls: [admin.adminRobots, admin.adminAddRobot, admin.adminSetRobot, admin.adminRemoveRobot],
  pageCalls: [calls.listRobots, calls.saveRobot, calls.removeRobotCall, calls.testRobotCall],
  commands: robotCommands,
  commandGroups: {
    'message robot': {
      zh: '添加、修改、删除和测试群机器人',
      en: 'Add, change, delete and test group robots',
    },
  },
  settings: { groupRobots: robotSection },
  tables: robotRetention,
  grants: [robotGrants],
  sealed: [addressSealed, secretSealed],
  kept: [
    {
      of: 'developer',
      table: 'group_robot_grant',
      column: 'dev_id',
      refers: { column: 'robot_id', table: 'group_robot', key: 'id', otherwise: 'leave out' },
    },
  ],
})
