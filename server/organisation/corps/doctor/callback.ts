import { isIP } from 'node:net'
import { isLoopbackUrl } from '../../../platform/config.ts'
import type { Core } from '../../../platform/core.ts'
import { formatDuration } from '../../../platform/format.ts'
import { type Corp, callbackSettings, publicUrlOf } from '../corps.ts'
import { type Finding, failed, pages, passed, places, warning } from './check.ts'

/** True for an address that WeCom cannot reach from the internet. */
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

/** WeCom must be able to open wisp's address, but a sandbox on this machine reaches it through loopback. */
export function examinePublicUrl(ctx: Core, corp: Corp): Finding {
  const url = publicUrlOf(ctx, corp)
  const [id, title] = ['publicUrl', { zh: '平台地址', en: 'Address of the platform' }]
  if (!isPrivateUrl(url)) return passed(id, title, url)
  if (isLoopbackUrl(url) && isLoopbackUrl(ctx.config.wecomUrl))
    return passed(id, title, {
      zh: `${url}（企业微信接口也在本机）`,
      en: `${url} (WeCom's API is on this machine too)`,
    })
  return warning(
    id,
    title,
    {
      zh: `${url || '未设置'} 是本机或内网地址，企业微信无法访问：收不到回调，成员不能登录`,
      en: `${url ? `${url} is an address of this machine or an inner network` : 'Not set'}: WeCom cannot reach it, no callbacks come and members cannot sign in`,
    },
    {
      zh: `请把 WISP_PUBLIC_URL 改为企业微信能访问的域名，最好是 https，并在反向代理中转发到 wisp；只有该企业用另一个域名时，到${places.corp.zh}填写。`,
      en: `Set WISP_PUBLIC_URL to a domain that WeCom can reach, best with https, and have the reverse proxy forward it to the platform; only when this corp has another domain, enter it in ${places.corp.en}.`,
    },
  )
}

export function examineCallback(ctx: Core, corp: Corp): Finding {
  const [id, title] = ['callback', { zh: '通讯录回调', en: 'Contacts callback' }]
  const { callbackVerifiedAt } = corp
  if (callbackVerifiedAt) {
    const age = formatDuration(ctx.now() - callbackVerifiedAt.getTime())
    return passed(id, title, { zh: `${age.zh}前通过企业微信的验证`, en: `Verified by WeCom ${age.en} ago` })
  }
  const { url } = callbackSettings(ctx, corp)
  return failed(
    id,
    title,
    {
      zh: '企业微信从未验证过回调地址：变更不会推送过来，只有每晚核对会更新通讯录',
      en: 'WeCom has never verified the callback address: changes are not pushed, only the nightly check updates the address book',
    },
    {
      zh:
        `请到${pages.contact.zh}「设置接收事件服务器」，填入 URL ${url}，` +
        `以及同一处显示的 Token 与 EncodingAESKey：见${places.corp.zh}。`,
      en:
        `Set the event server (设置接收事件服务器) in ${pages.contact.en} to the URL ${url}, ` +
        `with the Token and EncodingAESKey that are shown in ${places.corp.en}.`,
    },
  )
}
