import { isPrivateUrl } from '../../../../organisation/corps/doctor/callback.ts'
import { type Finding, failed, passed, warning } from '../../../../organisation/corps/doctor/check.ts'
import { formatDuration } from '../../../../platform/format.ts'
import type { Words } from '../../../../platform/words.ts'
import { checkCallback } from '../../../../upstream/official/calls/diagnosis.ts'
import { OfficialError } from '../../../../upstream/official/errors.ts'
import type { Account } from '../accounts.ts'
import { attempt } from './attempt.ts'

const page: Words = {
  zh: '微信公众平台（或微信开发者平台）的「服务器配置」',
  en: "the server configuration (服务器配置) of WeChat's own console",
}

/** What can be said of the callback without asking WeChat. `isReached`: WeChat says that it reaches it. */
export function examineCallback(
  account: Account,
  options: { url: string; isReached: boolean; now: number; sharing: readonly Account[] },
): Finding[] {
  const { url, isReached, now, sharing } = options
  const names = sharing.map(one => one.name)
  return [
    examineUrl(url, isReached),
    examineVerified(account, url, now),
    examineOriginalId(account),
    ...(names.length > 0 ? [examineSharing(names)] : []),
    ...(account.mode === 'plain' ? [plainMode] : []),
    ...(account.enabled ? [] : [disabled]),
  ]
}

/** What WeChat itself says about reaching it (`examineReach`) stands above what the address looks like. */
function examineUrl(url: string, isReached: boolean): Finding {
  const [id, title] = ['publicUrl', { zh: '平台地址', en: 'Address of the platform' }]
  if (isReached || !isPrivateUrl(url)) return passed(id, title, url)
  return warning(
    id,
    title,
    {
      zh: `${url} 是本机或内网地址，微信无法访问`,
      en: `${url} is a private address that WeChat cannot reach`,
    },
    {
      zh: '请设置 WISP_PUBLIC_URL，或企业自己的地址。',
      en: 'Set WISP_PUBLIC_URL, or an address of the corp itself.',
    },
  )
}

function examineVerified({ callbackVerifiedAt }: Account, url: string, now: number): Finding {
  const [id, title] = ['callback', { zh: '回调验证', en: 'Callback verified' }]
  if (!callbackVerifiedAt)
    return failed(
      id,
      title,
      { zh: '微信从未验证过回调地址：收不到任何消息', en: 'WeChat has never verified it: no message comes' },
      {
        zh: `请在${page.zh}填入 URL ${url}、Token 与 EncodingAESKey，选择加解密方式，提交后启用。`,
        en: `Enter the URL ${url}, Token and EncodingAESKey in ${page.en}, choose the mode, submit and enable it.`,
      },
    )
  const age = formatDuration(now - callbackVerifiedAt.getTime())
  return passed(id, title, { zh: `${age.zh}前通过验证`, en: `Verified ${age.en} ago` })
}

function examineOriginalId({ originalId, seenOriginalId, hasPushed }: Account): Finding {
  const [id, title] = ['originalId', { zh: '原始 ID', en: 'Original id' }]
  if (seenOriginalId)
    return failed(
      id,
      title,
      {
        zh: `收到发给 ${seenOriginalId} 的推送，Token 和 AppID 都是这个账号的：绑定的 ${originalId} 很可能填错了`,
        en: `Pushes for ${seenOriginalId} come with this account's token and AppID: ${originalId} is probably wrong`,
      },
      {
        zh: `请解绑后用原始 ID ${seenOriginalId} 重新绑定，Token 与 EncodingAESKey 填原来的值。`,
        en: `Unbind it and bind it again as ${seenOriginalId}, with the same Token and EncodingAESKey.`,
      },
    )
  if (hasPushed) return passed(id, title, { zh: '与推送一致', en: 'Agrees with the pushes' })
  return warning(id, title, {
    zh: '还没有收到推送，无法核对（微信没有查询接口）',
    en: 'No push has come to compare it with, and no call of WeChat tells it',
  })
}

function examineSharing(names: readonly string[]): Finding {
  return warning(
    'sharedToken',
    { zh: 'Token 重复', en: 'Token in use elsewhere' },
    {
      zh: `与 ${names.join('、')} 相同：微信验证回调时分不清是哪个账号`,
      en: `The same as of ${names.join(', ')}: a verification by WeChat cannot tell them apart`,
    },
    { zh: '请为每个账号使用不同的 Token。', en: 'Give each account a token of its own.' },
  )
}

const plainMode = warning(
  'mode',
  { zh: '加解密方式', en: 'Encryption' },
  {
    zh: '明文模式的内容没有签名，可能被篡改',
    en: 'What comes in plain mode is not signed, and may be changed',
  },
  { zh: '请两边都改为安全模式。', en: 'Choose the secure mode on both sides.' },
)

const disabled = warning(
  'enabled',
  { zh: '状态', en: 'State' },
  {
    zh: '账号已停用：不接收推送，也不发送',
    en: 'The account is disabled: nothing is taken and nothing sent',
  },
)

export const reachId = 'reach'

/** Whether WeChat reaches the callback URL from its own networks. */
export async function examineReach({ client }: Account): Promise<Finding> {
  const [id, title] = [reachId, { zh: '微信能否访问回调', en: 'Reached by WeChat' }]
  const found = await attempt(() => checkCallback(client))
  if ('value' in found) {
    const { ips, losses } = found.value
    const lost = losses.filter(one => Number.parseFloat(one) > 0)
    const list = ips.join('、')
    if (lost.length === 0)
      return passed(id, title, {
        zh: `能访问${list ? `（${list}）` : ''}`,
        en: `Yes${list ? ` (${ips.join(', ')})` : ''}`,
      })
    return warning(id, title, {
      zh: `从微信的网络访问有丢包：${lost.join('、')}`,
      en: `Packets from WeChat's networks are lost: ${lost.join(', ')}`,
    })
  }
  const { error } = found
  if (error instanceof OfficialError && error.errcode === 40201)
    return failed(
      id,
      title,
      { zh: '微信那边没有设置回调地址（40201）', en: 'No callback URL is set at WeChat (40201)' },
      { zh: `请在${page.zh}填写并启用。`, en: `Enter and enable it in ${page.en}.` },
    )
  return warning(id, title, found.why)
}
