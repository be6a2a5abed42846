import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, type Output, UsageError } from '../../platform/command/command.ts'
import { choice, requiredText, text } from '../../platform/command/parts.ts'
import { table, when } from '../../platform/command/text.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { told } from '../../platform/http/told.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { setDeveloper } from '../developers/developer-admin.ts'
import type { Developers } from '../developers/developers.ts'
import { listedDevices } from './device-store.ts'
import { revokeDevice } from './devices.ts'

type Needs = Core & {
  corps: Corps
  developers: Developers
  mirrors: Pick<Mirrors, 'load'>
  offered: FeatureOffers
}

const acts = ['off', 'allowed', 'required', 'open', 'closed', 'list', 'revoke'] as const

const packets = command({
  path: 'developer packets',
  point: 'developer:edit',
  summary: '报文加密: 关闭、允许、必须；登记的设备',
  details:
    'off 关闭，allowed 允许，required 必须；open 可以登记新设备，closed 不再登记新设备；list 列出设备，revoke <deviceId> 吊销一个，它的会话立即失效。',
  parts: {
    devId: requiredText('<devId>', '开发者 devId'),
    act: choice('<act>', '做什么', acts),
    deviceId: text('[deviceId]', '设备标识，revoke 时'),
  },
  async run(ctx: Needs, { devId, act, deviceId }) {
    const developer = ctx.developers.get(devId)
    if (!developer) throw new ApiError('unknownDeveloper', told`${devId}`)
    if ((act === 'revoke') !== (deviceId !== undefined))
      throw new UsageError('revoke 须有一个设备标识，其余没有')
    if (act === 'list') return list(ctx, developer)
    if (deviceId !== undefined) {
      await revokeDevice(ctx, actor, developer, deviceId)
      return { data: { devId, revoked: deviceId }, text: `已吊销 ${deviceId}` }
    }
    if (act === 'open' || act === 'closed') {
      const newDevices = act === 'open'
      await setDeveloper(ctx, actor, devId, { newDevices })
      return {
        data: { devId, newDevices },
        text: `${devId} ${newDevices ? '可以登记新设备' : '不再登记新设备'}`,
      }
    }
    if (act === 'off' || act === 'allowed' || act === 'required') {
      await setDeveloper(ctx, actor, devId, { packets: act })
      return { data: { devId, packets: act }, text: `${devId} 的报文加密: ${words[act]}` }
    }
    throw new UsageError(`缺少 ${acts.join('、')} 之一`)
  },
})

const words = { off: '关闭', allowed: '允许', required: '必须' } as const
const devicesAtMost = 10_000

async function list(ctx: Needs, { corpId, devId }: { corpId: string; devId: string }): Promise<Output> {
  const of = { corpId, devId, search: '', now: new Date(ctx.now()), limit: devicesAtMost, offset: 0 }
  const devices = (await listedDevices(ctx.db, of)).list
  const rows = devices.map(one => [
    one.deviceId,
    when(one.registeredAt),
    when(one.usedAt, '从未'),
    one.sessions,
  ])
  return {
    data: devices,
    text: table(['设备', '登记于', '最近取得会话', '会话'], rows, '（没有登记的设备）'),
  }
}

export const packetCommands = [packets]
