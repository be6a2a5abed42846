import { OfficialError } from '../error.ts'
import type { Profile } from '../state/profile.ts'
import type { Rules } from './rules.ts'

/** Which accounts may make a call; the others get 48001. */
export type AllowedAccounts = 'all' | 'verified' | 'service' | 'verifiedService' | 'verifiedOrService'

/** A call's accounts and how often one account may make it on a day; null is without limit. */
export interface Access {
  who: AllowedAccounts
  perDay: number | null
}

const row = (who: AllowedAccounts, perDay: number | null = null): Access => ({ who, perDay })

/**
 * Who may call what, and how often (docs/upstream/official-calls.md#quotas and the permission table of WeChat's console; kinds
 * and counts are its defaults for a new account). Every call of the platform has a row.
 */
export const access: Readonly<Record<string, Access>> = {
  '/cgi-bin/token': row('all', 2000),
  '/cgi-bin/stable_token': row('all', 500_000),
  '/cgi-bin/get_api_domain_ip': row('all'),
  '/cgi-bin/getcallbackip': row('all'),

  '/cgi-bin/user/get': row('verified', 500),
  '/cgi-bin/user/info': row('verified', 5_000_000),
  '/cgi-bin/user/info/batchget': row('verified', 5_000_000),
  '/cgi-bin/user/info/updateremark': row('verified', 10_000),
  '/cgi-bin/tags/create': row('verified', 1000),
  '/cgi-bin/tags/get': row('verified', 1000),
  '/cgi-bin/tags/update': row('verified', 1000),
  '/cgi-bin/tags/delete': row('verified', 1000),
  '/cgi-bin/user/tag/get': row('verified', 1000),
  '/cgi-bin/tags/members/batchtagging': row('verified', 100_000),
  '/cgi-bin/tags/members/batchuntagging': row('verified', 100_000),
  '/cgi-bin/tags/getidlist': row('verified', 1_000_000),
  '/cgi-bin/tags/members/getblacklist': row('verified', 1000),
  '/cgi-bin/tags/members/batchblacklist': row('verified', 1000),
  '/cgi-bin/tags/members/batchunblacklist': row('verified', 1000),
  '/cgi-bin/qrcode/create': row('verifiedService', 100_000),
  '/cgi-bin/showqrcode': row('all'),

  '/cgi-bin/message/custom/send': row('verified', 500_000),
  '/cgi-bin/message/custom/typing': row('verified', 500_000),
  '/cgi-bin/customservice/getkflist': row('verified', 500_000),
  '/cgi-bin/customservice/getonlinekflist': row('verified', 500_000),
  '/customservice/kfaccount/add': row('verified', 5000),
  '/customservice/kfaccount/update': row('verified', 5000),
  '/customservice/kfaccount/inviteworker': row('verified', 5000),
  '/customservice/kfaccount/uploadheadimg': row('verified', 5000),
  '/customservice/kfaccount/del': row('verified', 5000),
  '/customservice/kfsession/create': row('verified', 500_000),
  '/customservice/kfsession/close': row('verified', 500_000),
  '/customservice/kfsession/getsession': row('verified', 500_000),
  '/customservice/kfsession/getsessionlist': row('verified', 500_000),
  '/customservice/kfsession/getwaitcase': row('verified', 500_000),
  '/customservice/msgrecord/getmsglist': row('verified', 5000),

  '/cgi-bin/media/upload': row('verified', 5000),
  '/cgi-bin/media/get': row('verified', 10_000),
  '/cgi-bin/media/get/jssdk': row('verified', 10_000),
  '/cgi-bin/media/uploadimg': row('all', 1000),
  '/cgi-bin/media/uploadvideo': row('verified', 1000),
  '/cgi-bin/material/add_material': row('all', 1000),
  '/cgi-bin/material/add_news': row('all', 10),
  '/cgi-bin/media/uploadnews': row('verified', 10),
  '/cgi-bin/material/get_material': row('all', 1000),
  '/cgi-bin/material/del_material': row('all', 1000),
  '/cgi-bin/material/get_materialcount': row('all', 5000),
  '/cgi-bin/material/batchget_material': row('all', 1000),
  '/cgi-bin/draft/add': row('all', 1000),
  '/cgi-bin/draft/update': row('all', 1000),
  '/cgi-bin/draft/get': row('all', 1000),
  '/cgi-bin/draft/delete': row('all', 1000),
  '/cgi-bin/draft/count': row('all', 1000),
  '/cgi-bin/draft/batchget': row('all', 1000),
  '/cgi-bin/draft/switch': row('all', 1000),
  '/cgi-bin/freepublish/submit': row('verifiedOrService', 100),
  '/cgi-bin/freepublish/get': row('verifiedOrService', 1000),
  '/cgi-bin/freepublish/batchget': row('verifiedOrService', 1000),
  '/cgi-bin/freepublish/getarticle': row('verifiedOrService', 1000),
  '/cgi-bin/freepublish/delete': row('verifiedOrService', 1000),
  '/s/:originalId/:id/:index': row('all'),
  '/mmbiz/:originalId/:id': row('all'),

  '/cgi-bin/message/mass/sendall': row('verified', 100),
  '/cgi-bin/message/mass/send': row('verified', 100),
  '/cgi-bin/message/mass/preview': row('verified', 100),
  '/cgi-bin/message/mass/get': row('verified', 1000),
  '/cgi-bin/message/mass/delete': row('verified', 10),
  '/cgi-bin/message/mass/speed/get': row('verified', 1000),
  '/cgi-bin/message/mass/speed/set': row('verified', 1000),

  '/cgi-bin/menu/create': row('verifiedOrService', 1000),
  '/cgi-bin/menu/get': row('verifiedOrService', 10_000),
  '/cgi-bin/menu/delete': row('verifiedOrService', 1000),
  '/cgi-bin/menu/addconditional': row('verified', 2000),
  '/cgi-bin/menu/delconditional': row('verified', 2000),
  '/cgi-bin/menu/trymatch': row('verified', 20_000),
  '/cgi-bin/get_current_selfmenu_info': row('all', 10_000),
  '/cgi-bin/get_current_autoreply_info': row('all', 10_000),

  '/cgi-bin/template/api_set_industry': row('verifiedService', 1000),
  '/cgi-bin/template/get_industry': row('verifiedService', 1000),
  '/cgi-bin/template/api_add_template': row('verifiedService', 1000),
  '/cgi-bin/template/get_all_private_template': row('verifiedService', 1000),
  '/cgi-bin/template/del_private_template': row('verifiedService', 1000),
  '/cgi-bin/message/template/send': row('verifiedService', 100_000),
  '/wxa/sec/queryblocktmplmsg': row('verifiedService', 1000),
  '/wxaapi/newtmpl/getcategory': row('verified', 1000),
  '/wxaapi/newtmpl/getpubtemplatetitles': row('verified', 1000),
  '/wxaapi/newtmpl/getpubtemplatekeywords': row('verified', 1000),
  '/wxaapi/newtmpl/addtemplate': row('verified', 1000),
  '/wxaapi/newtmpl/gettemplate': row('verified', 1000),
  '/wxaapi/newtmpl/deltemplate': row('verified', 1000),
  '/cgi-bin/message/subscribe/bizsend': row('verified', 500_000),

  '/sns/oauth2/access_token': row('verifiedService'),
  '/sns/oauth2/refresh_token': row('verifiedService'),
  '/sns/userinfo': row('verifiedService'),
  '/sns/auth': row('verifiedService'),
  '/cgi-bin/ticket/getticket': row('all', 1_000_000),
  '/cgi-bin/openapi/quota/get': row('all'),
  '/cgi-bin/openapi/quota/clear': row('all'),
  '/cgi-bin/openapi/rid/get': row('all'),
  '/cgi-bin/clear_quota': row('all'),
  '/cgi-bin/clear_quota/v2': row('all'),
  '/cgi-bin/callback/check': row('all', 1440),
  '/cgi-bin/shorten/gen': row('verified', 1000),
  '/cgi-bin/shorten/fetch': row('verified', 1000),
  '/cgi-bin/changeopenid': row('verified', 1000),
}

/** How often an account may make the call on a day; null is without limit. */
export const dayLimit = (path: string, rules: Rules): number | null =>
  rules.dayLimits[path] ?? access[path]?.perDay ?? null

export function mayCall(who: AllowedAccounts, { kind, verified }: Profile): boolean {
  switch (who) {
    case 'all':
      return true
    case 'verified':
      return verified
    case 'service':
      return kind === 'service'
    case 'verifiedOrService':
      return verified || kind === 'service'
    case 'verifiedService':
      return kind === 'service' && verified
  }
}

/** Throws 48001 when the account's kind or verification does not allow the call. */
export function checkAccess(path: string, profile: Profile): void {
  const rule = access[path]
  if (rule && !mayCall(rule.who, profile)) throw new OfficialError(48001)
}
