import type { Core } from '../../../platform/core.ts'
import type { TiedAddress } from '../../../platform/manifest/setup/tied.ts'
import type { Corps } from '../corps.ts'
import { pages } from '../doctor/check.ts'

export const contactCallback = 'contactCallback'
export const signInDomain = 'signInDomain'

/** The callback of the address book, and the trusted domains of the agents by which members have signed in. */
export function corpTied({ corps }: Core & { corps: Corps }, corpId: string): TiedAddress[] {
  const { agents, callbackVerifiedAt } = corps.get(corpId)
  const path = '/console/system/corps'
  const callback: TiedAddress = {
    kind: contactCallback,
    title: { zh: '通讯录回调', en: 'Contacts callback' },
    check: 'callback',
    fix: {
      zh: `请到${pages.contact.zh}「设置接收事件服务器」，把 URL 改为「企业与体检」所示的，并保存。`,
      en: `Change the URL of the event server (设置接收事件服务器) in ${pages.contact.en} to the one that is shown under Corps and check-up, and save.`,
    },
    path,
    isProved: true,
  }
  const domains = agents
    .filter(one => one.uses.includes('signin'))
    .map(({ agentId, name }) => ({
      kind: signInDomain,
      subject: String(agentId),
      title: {
        zh: `应用「${name || agentId}」的可信域名`,
        en: `Trusted domain of application "${name || agentId}"`,
      },
      check: `signInDomain:${agentId}`,
      fix: {
        zh: `请到${pages.apps.zh}打开该应用，把「网页授权及JS-SDK」的可信域名和「企业微信授权登录」的回调域改为现在的域名。`,
        en: `Open this application in ${pages.apps.en}, and change its trusted domain (网页授权及JS-SDK) and its callback domain (企业微信授权登录) to the present one.`,
      },
      path: `${path}/agents`,
    }))
  return [...(callbackVerifiedAt ? [callback] : []), ...domains]
}
