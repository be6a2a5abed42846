import { Type } from 'typebox'
import type { PacketUse } from '../../../platform/http/caller.ts'
import {
  choice,
  optionalChoice,
  optionalIds,
  optionalStructured,
  text,
} from '../../../platform/http/input.ts'
import { scopes } from '../../../platform/http/scope.ts'
import type { DeveloperSettings } from '../developer-admin.ts'
import { type RefundLimits, refundLimitsShape } from '../scopes/refund-limits.ts'
import type { ScopeDays } from '../scopes/scope-ends.ts'

const ids = Type.Array(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), { maxItems: 500 })
export const formInput = {
  name: text('名称', { max: 64 }),
  scopes: optionalIds('权限', { max: scopes.length }),
  scopeDays: optionalStructured(
    '有到期日的权限: 有效的最后一天，例如 2026-12-31；不给则不变',
    Type.Record(Type.String({ maxLength: 64 }), Type.String({ maxLength: 10 })),
  ),
  dataScope: optionalStructured(
    '数据范围；空为整个企业',
    Type.Object({ departments: ids, tags: ids }, { additionalProperties: false }),
  ),
  allowedIps: optionalIds('IP 白名单: 地址或 CIDR', { max: 200 }),
  accounts: optionalIds('公众号的原始 ID；空为企业的全部公众号', { max: 100 }),
  listStyle: choice('4.5 至 4.8 的返回形式', ['object', 'array'] as const),
  packets: optionalChoice('报文加密: 关闭、允许、必须', ['off', 'allowed', 'required']),
  strictInputs: optionalChoice('1: 拒绝带有未知参数的调用，0: 只提示', ['0', '1']),
  ownAgents: optionalChoice('1: 只能用自己的应用关联的企业微信应用发消息，0: 企业的全部', ['0', '1']),
  upstreamPaths: optionalStructured(
    '可代调用的接口，如 wecom/checkin/getcheckindata；不给则不变',
    Type.Array(Type.String({ maxLength: 128 }), { maxItems: 200 }),
  ),
  refundLimits: optionalStructured('通过接口退款的限额，单位分；不给则不变', refundLimitsShape),
  approvePersonal: optionalChoice('1: 批准新增的、含个人信息的代调用接口', ['0', '1']),
  newDevices: optionalChoice('0: 不再登记新设备，1: 可以登记', ['0', '1']),
}

type Form = {
  name: string
  scopes: string[]
  scopeDays: ScopeDays | undefined
  dataScope: { departments: number[]; tags: number[] } | undefined
  allowedIps: string[]
  accounts: string[]
  listStyle: 'object' | 'array'
  packets: PacketUse | undefined
  newDevices: '0' | '1' | undefined
  strictInputs: '0' | '1' | undefined
  ownAgents: '0' | '1' | undefined
  upstreamPaths: string[] | undefined
  refundLimits: RefundLimits | undefined
  approvePersonal: '0' | '1' | undefined
}

/** The version of the form on the page. */
export function settingsOf(form: Form): DeveloperSettings & { name: string } {
  const {
    name,
    scopes,
    dataScope = null,
    allowedIps,
    accounts,
    listStyle,
    packets,
    newDevices,
    strictInputs,
  } = form
  return {
    ...{ name, scopes, dataScope, allowedIps, accounts, listStyle },
    ...(form.scopeDays ? { scopeDays: form.scopeDays } : {}),
    ...(packets ? { packets } : {}),
    ...(newDevices ? { newDevices: newDevices === '1' } : {}),
    ...(strictInputs ? { strictInputs: strictInputs === '1' } : {}),
    ...(form.ownAgents ? { ownAgents: form.ownAgents === '1' } : {}),
    ...(form.upstreamPaths ? { upstreamPaths: form.upstreamPaths } : {}),
    ...(form.refundLimits ? { refundLimits: form.refundLimits } : {}),
    ...(form.approvePersonal ? { approvePersonal: form.approvePersonal === '1' } : {}),
  }
}
