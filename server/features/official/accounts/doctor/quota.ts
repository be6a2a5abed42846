import { type Finding, passed, warning } from '../../../../organisation/corps/doctor/check.ts'
import type { Words } from '../../../../platform/words.ts'
import { quotaOf } from '../../../../upstream/official/calls/diagnosis.ts'
import { type AbilityName, whyNot } from '../abilities.ts'
import type { Account } from '../accounts.ts'
import { attempt } from './attempt.ts'

const asked: readonly { path: string; needs: AbilityName; name: Words }[] = [
  {
    path: '/cgi-bin/message/custom/send',
    needs: 'customMessage',
    name: { zh: '客服消息', en: 'customer-service messages' },
  },
  {
    path: '/cgi-bin/message/template/send',
    needs: 'template',
    name: { zh: '模板消息', en: 'template messages' },
  },
  { path: '/cgi-bin/message/mass/sendall', needs: 'mass', name: { zh: '群发', en: 'mass messages' } },
  { path: '/cgi-bin/menu/create', needs: 'menu', name: { zh: '发布菜单', en: 'menus published' } },
  { path: '/cgi-bin/user/get', needs: 'followers', name: { zh: '拉取粉丝', en: 'follower pulls' } },
]

const littleShare = 0.1

/** How many calls of each kind WeChat still lets the account make today. */
export async function examineQuota(account: Account): Promise<Finding> {
  const [id, title] = ['quota', { zh: '今日剩余调用次数', en: 'Calls left today' }]
  const own = asked.filter(one => !whyNot(account, one.needs))
  const found = await Promise.all(
    own.map(async one => ({ ...one, quota: await attempt(() => quotaOf(account.client, one.path)) })),
  )
  const parts: Words[] = []
  let isLittle = false
  for (const { name, quota } of found) {
    if (!('value' in quota)) return warning(id, title, quota.why)
    const { limit, remain } = quota.value
    if (remain < limit * littleShare) isLittle = true
    parts.push({ zh: `${name.zh} ${remain}/${limit}`, en: `${name.en} ${remain}/${limit}` })
  }
  if (parts.length === 0)
    return passed(id, title, { zh: '该账号没有这些接口', en: 'The account has none of these calls' })
  const list = { zh: parts.map(one => one.zh).join('，'), en: parts.map(one => one.en).join(', ') }
  return isLittle ? warning(id, title, list) : passed(id, title, list)
}
