import type { TiedAddress } from '../../../platform/manifest/setup/tied.ts'
import type { Accounts } from './accounts.ts'

export const officialTie = 'officialCallback'

/** The callbacks of accounts that WeChat has verified. */
export function officialTied({ accounts }: { accounts: Accounts }, corpId: string): TiedAddress[] {
  const verified = accounts.ofCorp(corpId).filter(one => one.callbackVerifiedAt)
  return verified.map(({ originalId, name }) => ({
    kind: officialTie,
    subject: originalId,
    title: { zh: `公众号「${name}」的回调`, en: `Callback of official account "${name}"` },
    check: 'callback',
    checkUp: `official:${originalId}`,
    fix: {
      zh: '请在微信公众平台（或微信开发者平台）的「服务器配置」把 URL 改为账号页面所示的并启用，「网页授权域名」和「JS接口安全域名」改为现在的域名。',
      en: "In WeChat's own console, change the URL of the server configuration (服务器配置) to the one on the account's page here and enable it, and set 网页授权域名 and JS接口安全域名 to the present domain.",
    },
    path: `/console/official/accounts/${originalId}`,
    isProved: true,
  }))
}
