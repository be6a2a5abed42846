import { Type } from 'typebox'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import { settingsSection } from '../../platform/manifest/settings-section.ts'
import { robotShape } from './robot-view.ts'
import { type RobotNeeds, robotsOf, setRobot } from './robots.ts'

/** The robots without their addresses and secrets, so that one which is not there yet is added by hand first. */
export const robotSection = settingsSection({
  key: 'id',
  refersTo: { devIds: 'developers' },
  shape: Type.Object(
    {
      id: Type.String({ maxLength: 64 }),
      name: Type.String({ maxLength: 64 }),
      givesMobiles: Type.Optional(Type.Boolean()),
      devIds: Type.Optional(robotShape.devIds),
    },
    { additionalProperties: false },
  ),
  read: async (ctx: RobotNeeds, corpId) =>
    [...robotsOf(ctx, corpId).values()].map(({ id, name, givesMobiles, devIds }) => ({
      id,
      name,
      givesMobiles,
      devIds: [...devIds],
    })),
  add(_ctx, _actor, _corpId, { id }) {
    throw new ApiError('badParameter', {
      zh: told`没有群机器人 ${id}：它的地址不在设置文件中，请先用 wisp message robot add 添加`,
      en: told`there is no group robot ${id}: its address is not in the file, so add it by wisp message robot add first`,
    })
  },
  set: (ctx, actor, corpId, id, change) => setRobot(ctx, actor, corpId, id, change),
})
