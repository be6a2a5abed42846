import type { Words } from '../../platform/words.ts'
import { appSignInTellings } from './app-sign-in-words.ts'
import type { RefusalText } from './telling.ts'

/** Why a sign-in by WeCom failed. */
export type SignInFault =
  | 'corp'
  | 'agent'
  | 'state'
  | 'denied'
  | 'code'
  | 'outsider'
  | 'unknown'
  | 'inactive'
  | 'suspended'
  | 'sessions'
  | 'wecom'
  | 'upstream'

const signInTellings: Record<SignInFault, RefusalText> = {
  corp: {
    what: { zh: '登录链接里的企业不存在', en: 'the sign-in link names a corp that does not exist' },
    advice: { zh: '请从企业微信工作台重新打开。', en: 'Open wisp from the WeCom workbench again.' },
  },
  agent: {
    what: { zh: '企业还没有设置用于登录的应用', en: 'the corp has no agent for signing in' },
    advice: {
      zh: '请系统管理员在「企业与体检 → 自建应用」里为一个应用勾选「登录」。',
      en: 'Ask the system administrator to choose an agent for signing in, under Corps.',
    },
  },
  state: {
    what: {
      zh: '登录已超时，或浏览器没有保留 Cookie',
      en: 'the sign-in took too long, or the browser kept no cookie',
    },
    advice: {
      zh: '请重新登录一次；还不行就关闭无痕模式，或换一个浏览器。',
      en: 'Sign in again; if that does not help, leave private mode or use another browser.',
    },
  },
  denied: {
    what: { zh: '在企业微信里取消了登录', en: 'the sign-in was cancelled in WeCom' },
    advice: { zh: '请重新登录，并在企业微信里点「同意」。', en: 'Sign in again and agree in WeCom.' },
  },
  code: {
    what: { zh: '登录凭证已用过或已过期', en: 'the sign-in code was used already or has expired' },
    advice: { zh: '请重新扫码，不要刷新登录后的页面。', en: 'Scan again, and do not reload that page.' },
  },
  outsider: {
    what: { zh: '这个微信不是企业成员', en: 'this account is not a member of the corp' },
    advice: {
      zh: '请确认此人用的是本企业的企业微信账号。',
      en: 'Check that they use the WeCom account of this corp.',
    },
  },
  unknown: {
    what: { zh: '通讯录里还没有这个成员', en: 'the member is not in the address book yet' },
    advice: {
      zh: '刚加入的成员几分钟后会同步过来；仍然没有时，请管理员检查应用的可见范围和同步。',
      en: 'A new member arrives within minutes; if not, ask an administrator to check the scope of the agent and the sync.',
    },
  },
  inactive: {
    what: { zh: '账号未激活或已禁用', en: 'the account is not activated, or disabled' },
    advice: {
      zh: '未激活的请先在企业微信里加入企业；已禁用的请管理员在企业微信后台启用。',
      en: 'If not activated, join the corp in WeCom first; if disabled, ask an administrator to enable it in WeCom.',
    },
  },
  suspended: {
    what: { zh: '企业已暂停服务', en: 'the corp is suspended' },
    advice: {
      zh: '平台管理员恢复企业后即可登录；原因见下。',
      en: 'They can sign in when the operator of the installation resumes the corp; the reason is below.',
    },
  },
  sessions: {
    what: { zh: '同时登录的设备已达上限', en: 'as many devices are signed in as may be' },
    advice: {
      zh: '请在其他设备的「我的 → 设备与登录」里退出，再重新登录；设备丢失时请管理员结束其会话。',
      en: 'Sign out on another device under Me → Devices and sign-in, then sign in again; for a lost device, ask an administrator to end its session.',
    },
  },
  wecom: {
    what: { zh: '企业微信拒绝了登录', en: 'WeCom refused the sign-in' },
    advice: { zh: '请把下面的原因告诉管理员。', en: 'Tell an administrator the reason below.' },
  },
  upstream: {
    what: { zh: '连不上企业微信', en: 'WeCom could not be reached' },
    advice: {
      zh: '请稍后再试；很多人遇到时请告诉管理员。',
      en: 'Try again later; if many have it, tell an administrator.',
    },
  },
}

const pageTellings: Partial<Record<string, RefusalText>> = {
  forbidden: {
    what: { zh: '没有权限', en: 'not permitted' },
    advice: {
      zh: '确认此人该有权限时，请管理员查看应用的可见范围或此人的角色。',
      en: 'If they should be permitted, ask an administrator to look at the visibility of the app or at their role.',
    },
  },
  tooManyRequests: {
    what: { zh: '操作太频繁', en: 'too many requests' },
    advice: { zh: '请等几分钟再试。', en: 'Wait some minutes and try again.' },
  },
  upstream: {
    what: { zh: '连不上企业微信或微信', en: 'WeCom or WeChat could not be reached' },
    advice: signInTellings.upstream.advice,
  },
  unavailable: {
    what: { zh: '服务暂时不可用', en: 'the service was unavailable' },
    advice: { zh: '请稍后再试。', en: 'Try again later.' },
  },
  internal: {
    what: { zh: '系统出错', en: 'an internal error' },
    advice: {
      zh: '请把编号交给系统管理员，日志里可以按编号查到原因。',
      en: 'Give the number to the system administrator, who finds the cause by it in the log.',
    },
  },
}

const other: RefusalText = {
  what: { zh: '请求没有通过检查', en: 'the request did not pass the checks' },
  advice: { zh: '请按提示改正后再试。', en: 'Correct what the message says and try again.' },
}

/** Of what is no page call. */
const tellings: Partial<Record<string, Partial<Record<string, RefusalText>>>> = {
  'sign-in': signInTellings,
  'app-sign-in': appSignInTellings,
}

/** Puts the reason of a refusal into words, by where it happened. */
export function tellingOf({ place, reason }: { place: string; reason: string }): RefusalText {
  const known = tellings[place] ?? pageTellings
  return (Object.hasOwn(known, reason) ? known[reason] : undefined) ?? other
}

/** Where it happened, by the first words of the path that fit. */
const places: readonly [path: string, name: Words][] = [
  ['sign-in', { zh: '企业微信登录', en: 'Sign-in by WeCom' }],
  ['app-sign-in', { zh: '登录应用', en: 'Sign-in to an application' }],
  ['/web/sign-in/wecom', { zh: '企业微信登录', en: 'Sign-in by WeCom' }],
  ['/web/sign-in/sms', { zh: '短信验证码登录', en: 'Sign-in by SMS code' }],
  ['/web/sign-in/passkey', { zh: '通行密钥登录', en: 'Sign-in by passkey' }],
  ['/web/sign-in', { zh: '密码登录', en: 'Sign-in by password' }],
  ['/web/portal/open', { zh: '打开应用', en: 'Opening an app' }],
  ['/web/portal/picker', { zh: '选人弹窗', en: 'Picker' }],
  ['/web/portal', { zh: '工作台', en: 'Workbench' }],
  ['/web/pay/', { zh: '缴费页', en: 'Payment page' }],
  ['/web/developer', { zh: '开发者页面', en: 'Developer pages' }],
]

export function placeOf({ place }: { place: string }): Words {
  return places.find(([path]) => place.startsWith(path))?.[1] ?? { zh: '控制台', en: 'Console' }
}
