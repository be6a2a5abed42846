import { dingtalkRobot } from './dingtalk-robot.ts'
import { feishuRobot } from './feishu-robot.ts'
import type { RobotAdapter, RobotVendor } from './robot.ts'
import { wecomRobot } from './wecom-robot.ts'

/** Each vendor whose group robots wisp speaks to. */
export const robotVendors: Readonly<Record<RobotVendor, RobotAdapter>> = {
  wecom: wecomRobot,
  dingtalk: dingtalkRobot,
  feishu: feishuRobot,
}
