import type { Corps } from '../../organisation/corps/corps.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { actor } from '../../platform/command/actor.ts'
import { command, type Output, UsageError } from '../../platform/command/command.ts'
import { said } from '../../platform/command/language.ts'
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
  summary: {
    zh: '报文加密: 关闭、允许、必须；登记的设备',
    en: 'Set encrypted packets to off, allowed or required; list and revoke registered devices',
  },
  details: {
    zh: 'off 关闭，allowed 允许，required 必须；open 可以登记新设备，closed 不再登记新设备；list 列出设备，revoke <deviceId> 吊销一个，它的会话立即失效。',
    en: 'off, allowed and required set whether calls are encrypted; open and closed set whether new devices can register; list lists the devices; revoke <deviceId> revokes one, whose session ends at once.',
  },
  parts: {
    devId: requiredText('<devId>', { zh: '开发者 devId', en: 'devId of the developer' }),
    act: choice('<act>', { zh: '做什么', en: 'what to do' }, acts),
    deviceId: text('[deviceId]', { zh: '设备标识，revoke 时', en: 'ID of the device, for revoke' }),
  },
  async run(ctx: Needs, { devId, act, deviceId }) {
    const developer = ctx.developers.get(devId)
    if (!developer) throw new ApiError('unknownDeveloper', told`${devId}`)
    if ((act === 'revoke') !== (deviceId !== undefined))
      throw new UsageError({
        zh: 'revoke 须有一个设备标识，其余没有',
        en: 'revoke takes the ID of a device, the others take none',
      })
    if (act === 'list') return list(ctx, developer)
    if (deviceId !== undefined) {
      await revokeDevice(ctx, actor, developer, deviceId)
      return {
        data: { devId, revoked: deviceId },
        text: said({ zh: `已吊销 ${deviceId}`, en: `revoked ${deviceId}` }),
      }
    }
    if (act === 'open' || act === 'closed') {
      const newDevices = act === 'open'
      await setDeveloper(ctx, actor, devId, { newDevices })
      return {
        data: { devId, newDevices },
        text: `${devId} ${newDevices ? said({ zh: '可以登记新设备', en: 'new devices can register' }) : said({ zh: '不再登记新设备', en: 'no new devices can register' })}`,
      }
    }
    if (act === 'off' || act === 'allowed' || act === 'required') {
      await setDeveloper(ctx, actor, devId, { packets: act })
      return {
        data: { devId, packets: act },
        text: said({
          zh: `${devId} 的报文加密: ${words[act].zh}`,
          en: `encrypted packets of ${devId}: ${words[act].en}`,
        }),
      }
    }
    throw new UsageError({
      zh: `缺少 ${acts.join('、')} 之一`,
      en: `${acts.join(', ')}: one of these is missing`,
    })
  },
})

const words = {
  off: { zh: '关闭', en: 'off' },
  allowed: { zh: '允许', en: 'allowed' },
  required: { zh: '必须', en: 'required' },
} as const
const devicesAtMost = 10_000

async function list(ctx: Needs, { corpId, devId }: { corpId: string; devId: string }): Promise<Output> {
  const of = { corpId, devId, search: '', now: new Date(ctx.now()), limit: devicesAtMost, offset: 0 }
  const devices = (await listedDevices(ctx.db, of)).list
  const rows = devices.map(one => [
    one.deviceId,
    when(one.registeredAt),
    when(one.usedAt, said({ zh: '从未', en: 'never' })),
    one.sessions,
  ])
  return {
    data: devices,
    text: table(
      [
        { zh: '设备', en: 'Device' },
        { zh: '登记于', en: 'Registered' },
        { zh: '最近取得会话', en: 'Last session' },
        { zh: '会话', en: 'Session' },
      ],
      rows,
      { zh: '（没有登记的设备）', en: '(no registered devices)' },
    ),
  }
}

export const packetCommands = [packets]
