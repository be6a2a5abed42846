import { Type } from 'typebox'
import { limitsShape } from '../../../organisation/corps/admin/settings-shape.ts'
import { scopes } from '../../../platform/http/scope.ts'
import type { describeDeveloper } from '../overview.ts'
import { refundLimitsShape } from '../scopes/refund-limits.ts'

const ids = Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), { maxItems: 500 })
const dataScope = Type.Object({ departments: ids, tags: ids }, { additionalProperties: false })

/** What is set for a developer, and is no secret. */
export const developerSettingsShape = {
  name: Type.String({ maxLength: 64, about: { zh: '名称', en: 'Name' } }),
  enabled: Type.Boolean({ about: { zh: '是否启用', en: 'Whether its calls are taken' } }),
  scopes: Type.Array(Type.String({ maxLength: 64 }), {
    maxItems: scopes.length,
    about: { zh: '权限', en: 'Scopes' },
  }),
  scopeDays: Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 10 }), {
    about: { zh: '有到期日的权限：有效的最后一天', en: 'The last day of each scope that ends' },
  }),
  owners: Type.Array(Type.String({ maxLength: 64 }), {
    maxItems: 20,
    about: { zh: '负责人的 userid', en: 'userids of its owners' },
  }),
  dataScope: Type.Union([dataScope, Type.Null()], {
    about: { zh: '数据范围；null 为整个企业', en: 'Data scope; null is the whole corp' },
  }),
  allowedIps: Type.Array(Type.String({ maxLength: 64 }), {
    maxItems: 200,
    about: { zh: 'IP 白名单；空为不限', en: 'Allowed addresses; none is any' },
  }),
  accounts: Type.Union([Type.Array(Type.String({ maxLength: 64 }), { maxItems: 100 }), Type.Null()], {
    about: { zh: '可用的公众号；null 为全部', en: 'Official accounts it may use; null is all' },
  }),
  listStyle: Type.Enum(['object', 'array'], {
    about: { zh: '4.5 至 4.8 的返回形式', en: 'Form of the lists of 4.5 to 4.8' },
  }),
  packets: Type.Enum(['off', 'allowed', 'required'], {
    about: { zh: '报文加密', en: 'Encrypted packets' },
  }),
  newDevices: Type.Boolean({
    about: { zh: '可以登记新设备', en: 'Whether further devices can register' },
  }),
  strictInputs: Type.Boolean({
    about: { zh: '拒绝未知参数', en: 'Whether unknown inputs are refused' },
  }),
  ownAgents: Type.Boolean({
    about: {
      zh: '只能用自己的应用关联的企业微信应用（以及消息中心的默认应用）发消息',
      en: "Whether it sends by the agents of its own apps, and the message centre's, only",
    },
  }),
  upstreamPaths: Type.Array(Type.String({ maxLength: 128 }), {
    maxItems: 200,
    about: {
      zh: '可代调用的接口，如 wecom/checkin/getcheckindata；含个人信息的须先在控制台或命令行批准',
      en: 'Calls of vendors that are passed on, such as wecom/checkin/getcheckindata; those about people are approved in the console or on the command line first',
    },
  }),
  callLimits: limitsShape,
  refundLimits: refundLimitsShape,
}

type View = Awaited<ReturnType<typeof describeDeveloper>>

export function developerSettingsOf(view: View) {
  const { name, enabled, scopes, scopeDays, owners, dataScope, allowedIps, accounts } = view
  const { listStyle, packets, newDevices, strictInputs, ownAgents, upstreamPaths } = view
  const { callLimits, refundLimits } = view
  return {
    ...{ name, enabled, scopes, scopeDays, dataScope, allowedIps, accounts },
    ...{ listStyle, packets, newDevices, strictInputs, ownAgents, upstreamPaths },
    ...{ callLimits, refundLimits },
    owners: owners.map(one => one.userId),
  }
}
