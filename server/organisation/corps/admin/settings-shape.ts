import { Type } from 'typebox'
import { callGroups } from '../../../platform/http/gate.ts'
import { agentUses, type Corp } from '../corps.ts'

const count = Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000_000 }))
const limit = Type.Object({ perMinute: count, perDay: count }, { additionalProperties: false })

/** Limits of calls by group; a group that is left out is inherited. */
export const limitsShape = Type.Object(
  Object.fromEntries(callGroups.map(group => [group, Type.Optional(limit)])),
  {
    additionalProperties: false,
    about: {
      zh: '各组接口每分钟与每天的调用上限；没有写的沿用上一级的',
      en: 'Calls a minute and a day by group; what is left out is inherited',
    },
  },
)

/** What is set for a corp and is no secret. */
export const corpSettingsShape = {
  name: Type.String({ maxLength: 64, about: { zh: '名称', en: 'Name' } }),
  publicUrl: Type.String({
    maxLength: 256,
    about: {
      zh: '本企业访问平台的地址；空为平台的地址',
      en: "Address for this corp; '' is the installation's",
    },
  }),
  hintTokenRequired: Type.Boolean({
    about: {
      zh: '变更通知接口（4.2）是否必须带 devToken',
      en: 'Whether notices of changes (4.2) need a devToken',
    },
  }),
  requestLogDays: Type.Integer({
    minimum: 0,
    maximum: 7,
    about: { zh: '接口日志保留几天，0 为不记录', en: 'Days that the request log is kept; 0 logs nothing' },
  }),
  dataReadDays: Type.Integer({
    minimum: 0,
    maximum: 400,
    about: {
      zh: '数据读取（谁的信息被哪个开发者读取）至少保留几天，0 为与接口日志一样长',
      en: 'Days that data reads (whose data which developer got) are kept at least; 0 is as long as the request log',
    },
  }),
  timeZone: Type.String({
    maxLength: 64,
    about: {
      zh: '时区，如 Asia/Shanghai：给成员和管理员的时间、夜间核对都按它',
      en: 'Time zone, such as Asia/Shanghai: of the times that its people read, and of the nightly check',
    },
  }),
  callLimits: limitsShape,
}

export function corpSettingsOf(corp: Corp) {
  const { name, publicUrl, hintTokenRequired, requestLogDays, timeZone, dataReadDays, callLimits } = corp
  return { name, publicUrl, hintTokenRequired, requestLogDays, timeZone, dataReadDays, callLimits }
}

/** What is set for an agent and is no secret. */
export const agentSettingsShape = {
  name: Type.String({ maxLength: 64, about: { zh: '名称', en: 'Name' } }),
  uses: Type.Array(Type.String({ maxLength: 32 }), {
    maxItems: agentUses.length,
    about: {
      zh: '用途：names 读取姓名，signin 登录，messages 消息',
      en: 'What it is used for: names, signin, messages',
    },
  }),
}
