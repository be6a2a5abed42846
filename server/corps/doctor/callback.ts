import { isIP } from 'node:net'
import type { Context } from '../../context.ts'
import type { syncStatus } from '../../sync/sync.ts'
import { type Corp, callbackSettings, publicUrlOf } from '../corps.ts'
import { type Check, failed, pages, passed, places, warning, words } from './check.ts'

export type SyncStatus = Awaited<ReturnType<typeof syncStatus>>

const dayMs = 86_400_000
const quietMs = 3 * dayMs

/** Whether WeCom, out on the internet, could reach this address. */
export function isPrivateUrl(url: string): boolean {
  const host = (URL.parse(url)?.hostname ?? '').replace(/^\[|\]$/g, '')
  if (isIP(host) === 4) {
    return /^(0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(
      host,
    )
  }
  if (isIP(host) === 6) return /^(::1?$|f[cd]|fe[89ab])/i.test(host)
  return !host.includes('.') || /\.(local|localhost|internal|lan|intranet|home|corp)$/i.test(host)
}

function isLoopbackUrl(url: string): boolean {
  return /^(127\.[\d.]+|localhost|\[::1\])$/.test(URL.parse(url)?.hostname ?? '')
}

/** WeCom must be able to open wisp's address; a sandbox on this machine reaches it on loopback. */
export function examinePublicUrl(ctx: Context, corp: Corp): Check {
  const url = publicUrlOf(ctx, corp)
  const [id, title] = ['publicUrl', '平台地址']
  if (!isPrivateUrl(url)) return passed(id, title, url)
  if (isLoopbackUrl(url) && isLoopbackUrl(ctx.config.wecomUrl))
    return passed(id, title, `${url}（企业微信接口也在本机）`)
  return warning(
    id,
    title,
    `${url || '未设置'} 是本机或内网地址，企业微信无法访问：收不到回调，成员不能登录`,
    `请把 WISP_PUBLIC_URL 改为企业微信能访问的域名，最好是 https，并在反向代理中转发到本平台；只有该企业用另一个域名时，到${places.corp}填写。`,
  )
}

export function examineCallback(ctx: Context, corp: Corp): Check {
  const [id, title] = ['callback', '通讯录回调']
  const { callbackVerifiedAt } = corp
  if (callbackVerifiedAt) {
    return passed(id, title, `${words(ctx.now() - callbackVerifiedAt.getTime())}前通过企业微信的验证`)
  }
  return failed(
    id,
    title,
    '企业微信从未验证过回调地址：变更不会推送过来，只有夜间核对会更新通讯录',
    `请到${pages.contact}「设置接收事件服务器」，填入 URL ${callbackSettings(ctx, corp).url}，` +
      `以及同一处显示的 Token 与 EncodingAESKey：见${places.corp}。`,
  )
}

/** Silence alone proves nothing; silence while the nightly run found changes does. */
export function examineEvents(ctx: Context, status: SyncStatus): Check {
  const [id, title] = ['events', '回调事件']
  const { lastEventAt } = status
  const silentMs = lastEventAt ? ctx.now() - lastEventAt.getTime() : Number.POSITIVE_INFINITY
  const last = lastEventAt ? `最近一次在 ${words(silentMs)}前` : '还没有收到过'
  if (silentMs < quietMs) return passed(id, title, last)
  const missed = status.runs.filter(
    run =>
      run.kind === 'reconcile' &&
      run.state === 'done' &&
      !run.first &&
      (run.startedAt?.getTime() ?? 0) > (lastEventAt?.getTime() ?? 0),
  )
  const changes = missed
    .flatMap(run => Object.values(run.counts))
    .reduce((sum, { put, drop }) => sum + put + drop, 0)
  if (changes === 0) return passed(id, title, `${last}；此后的核对没有发现遗漏的变更`)
  return warning(
    id,
    title,
    `${last}，而此后的核对发现 ${changes} 处没有推送的变更`,
    `请到${pages.contact}检查接收事件服务器的 URL 是否仍指向 ${publicUrlOf(ctx, ctx.corps.get(status.corpId))}，` +
      '以及防火墙、反向代理是否放行；通过接口修改通讯录的第三方系统须调用 /admin/syncController/callback 通知本平台。',
  )
}
