import { type Static, Type } from 'typebox'
import { robotVendorWords } from '../channels/robot/reasons.ts'
import type { Robot } from '../channels/robot/robots-store.ts'
import { robotVendorNames } from './robots.ts'

export const vendorShape = Type.Enum(robotVendorNames, {
  about: {
    zh: robotVendorNames.map(name => `${name} ${robotVendorWords[name].zh}`).join('；'),
    en: robotVendorNames.map(name => `${name}: ${robotVendorWords[name].en}`).join('; '),
  },
})

/** A robot without its address and secret, which are not shown again. */
export const robotShape = {
  id: Type.String({ about: { zh: 'id，即 toRobot 的值', en: 'Id, which toRobot takes' } }),
  name: Type.String({ about: { zh: '名称', en: 'Name' } }),
  vendor: vendorShape,
  hasSecret: Type.Boolean({ about: { zh: '是否有签名密钥', en: 'Whether its calls are signed' } }),
  givesMobiles: Type.Boolean({
    about: {
      zh: '钉钉：提及成员时把手机号交给钉钉',
      en: 'DingTalk: mobile numbers of people who are mentioned are given to it',
    },
  }),
  devIds: Type.Array(Type.String(), {
    about: { zh: '可以使用它的开发者', en: 'Developers who may send by it' },
  }),
}
export const robotSchema = Type.Object(robotShape)
export type RobotView = Static<typeof robotSchema>

export function viewOf({ id, name, vendor, secret, givesMobiles, devIds }: Robot): RobotView {
  return { id, name, vendor, hasSecret: secret !== null, givesMobiles, devIds: [...devIds] }
}

export const sampleRobot: RobotView = {
  id: 'robot:3f9a1c20b7de',
  name: '机房值班群',
  vendor: 'wecom',
  hasSecret: false,
  givesMobiles: false,
  devIds: [],
}
