import { NoAnswer } from '../transport/no-answer.ts'

/**
 * What a caller can do about an errcode: fetch a new token, try again, slow down, ask for permission, accept that the
 * entity is gone, change the configuration, correct the request, or nothing in particular.
 */
export type ErrcodeKind =
  | 'token'
  | 'busy'
  | 'limit'
  | 'forbidden'
  | 'notFound'
  | 'config'
  | 'invalid'
  | 'other'

/** A text in each of the product's languages. */
interface Words {
  readonly zh: string
  readonly en: string
}

export interface ErrcodeInfo {
  kind: ErrcodeKind
  /** What the errcode means, for an administrator. */
  text: Words
  /** What to change, and where in WeCom's console. */
  fix?: Words
}

const SYNC_SECRET: Words = {
  zh: '企业微信管理后台「管理工具 → 通讯录同步」',
  en: 'the WeCom admin console: Management Tools → Contacts Sync (管理工具 → 通讯录同步)',
}
const APP_PAGE: Words = {
  zh: '企业微信管理后台「应用管理 → 自建应用」',
  en: 'the WeCom admin console: App Management → Self-built (应用管理 → 自建应用)',
}
const EITHER_PAGE = `${SYNC_SECRET.en} or App Management → Self-built (应用管理 → 自建应用)`

/** The only table of WeCom errcodes (docs/upstream/wecom-calls.md#errcodes-of-tokens-and-permissions and the pages beside it). */
export const errcodes: Readonly<Record<number, ErrcodeInfo>> = {
  [-1]: { kind: 'busy', text: { zh: '企业微信系统繁忙', en: 'WeCom is busy' } },
  40001: {
    kind: 'config',
    text: { zh: 'Secret 错误', en: 'the secret is wrong' },
    fix: {
      zh: `请到${SYNC_SECRET.zh}或${APP_PAGE.zh}重新查看 Secret，并更新到 wisp；重置过 Secret 后旧值立即失效。`,
      en: `View the secret again in ${EITHER_PAGE}, and update it in the platform; once a secret was reset the old one is dead at once.`,
    },
  },
  40003: {
    kind: 'notFound',
    text: { zh: '成员 UserID 不存在或无效', en: 'the member UserID does not exist or is invalid' },
  },
  40008: { kind: 'invalid', text: { zh: '消息类型不合法', en: 'the message type is invalid' } },
  40013: {
    kind: 'config',
    text: { zh: '企业 ID（corpid）错误', en: 'the corp id (corpid) is wrong' },
    fix: {
      zh: '请到企业微信管理后台「我的企业 → 企业信息」页面底部复制企业 ID，并更新到 wisp。',
      en: 'Copy the corp id from the bottom of the WeCom admin console: My Company → Company Information (我的企业 → 企业信息), and update it in the platform.',
    },
  },
  40014: { kind: 'token', text: { zh: 'access_token 无效', en: 'the access_token is invalid' } },
  40016: { kind: 'invalid', text: { zh: '菜单按钮个数不合法', en: 'the number of menu buttons is invalid' } },
  40017: { kind: 'invalid', text: { zh: '菜单按钮类型不合法', en: 'the type of a menu button is invalid' } },
  40018: {
    kind: 'invalid',
    text: { zh: '菜单按钮名称长度不合法', en: 'the name of a menu button is too long' },
  },
  40019: {
    kind: 'invalid',
    text: { zh: '菜单按钮 key 长度不合法', en: 'the key of a menu button is too long' },
  },
  40020: {
    kind: 'invalid',
    text: { zh: '菜单按钮网址长度不合法', en: 'the URL of a menu button is too long' },
  },
  40022: { kind: 'invalid', text: { zh: '二级菜单下不能再有菜单', en: 'sub-buttons have no sub-buttons' } },
  40023: {
    kind: 'invalid',
    text: { zh: '二级菜单按钮个数不合法', en: 'the number of sub-buttons is invalid' },
  },
  40024: {
    kind: 'invalid',
    text: { zh: '二级菜单按钮类型不合法', en: 'the type of a sub-button is invalid' },
  },
  40025: {
    kind: 'invalid',
    text: { zh: '二级菜单按钮名称长度不合法', en: 'the name of a sub-button is too long' },
  },
  40026: {
    kind: 'invalid',
    text: { zh: '二级菜单按钮 key 长度不合法', en: 'the key of a sub-button is too long' },
  },
  40027: {
    kind: 'invalid',
    text: { zh: '二级菜单按钮网址长度不合法', en: 'the URL of a sub-button is too long' },
  },
  40029: {
    kind: 'invalid',
    text: { zh: '登录 code 无效、已使用或已过期', en: 'the sign-in code is invalid, used or expired' },
  },
  40031: { kind: 'invalid', text: { zh: 'UserID 列表不合法', en: 'the list of UserIDs is invalid' } },
  40032: { kind: 'invalid', text: { zh: 'UserID 列表超过长度上限', en: 'the list of UserIDs is too long' } },
  40033: {
    kind: 'invalid',
    text: { zh: '请求内容含有不合法的字符', en: 'the request contains characters that are not allowed' },
  },
  40035: { kind: 'invalid', text: { zh: '请求参数不合法', en: 'a request parameter is invalid' } },
  40054: {
    kind: 'invalid',
    text: { zh: '二级菜单按钮网址不合法', en: 'the address of a sub-button is invalid' },
  },
  40055: {
    kind: 'invalid',
    text: { zh: '菜单按钮网址不合法', en: 'the address of a menu button is invalid' },
  },
  40056: {
    kind: 'config',
    text: { zh: '应用 AgentId 不合法', en: 'the AgentId of the application is invalid' },
    fix: {
      zh: `请到${APP_PAGE.zh}核对该应用的 AgentId。`,
      en: `Compare the AgentId of the application in ${APP_PAGE.en}.`,
    },
  },
  40058: { kind: 'invalid', text: { zh: '请求参数不合法', en: 'a request parameter is invalid' } },
  40063: { kind: 'invalid', text: { zh: '必填参数为空', en: 'a required parameter is empty' } },
  40068: {
    kind: 'notFound',
    text: { zh: '标签 ID 不存在或无效', en: 'the tag id does not exist or is invalid' },
  },
  40070: {
    kind: 'invalid',
    text: { zh: '提交的成员和部门全部无效', en: 'none of the given members and departments is valid' },
  },
  40071: { kind: 'invalid', text: { zh: '标签名称已存在', en: 'the tag name exists already' } },
  40072: { kind: 'invalid', text: { zh: '标签名称长度不合法', en: 'the length of the tag name is invalid' } },
  40073: { kind: 'invalid', text: { zh: 'OpenID 不合法', en: 'the OpenID is invalid' } },
  40091: {
    kind: 'config',
    text: { zh: 'Secret 无效，可能属于其他企业', en: 'the secret is invalid, it may belong to another corp' },
    fix: {
      zh: `请确认企业 ID 与 Secret 属于同一企业，并到${SYNC_SECRET.zh}或${APP_PAGE.zh}重新查看 Secret。`,
      en: `Make sure that corp id and secret belong to the same corp, and view the secret again in ${EITHER_PAGE}.`,
    },
  },
  41001: { kind: 'token', text: { zh: '缺少 access_token', en: 'the access_token is missing' } },
  41002: {
    kind: 'config',
    text: { zh: '缺少企业 ID（corpid）', en: 'the corp id (corpid) is missing' },
    fix: {
      zh: '请在 wisp 填写企业 ID。',
      en: 'Enter the corp id in the platform.',
    },
  },
  41004: {
    kind: 'config',
    text: { zh: '缺少 Secret', en: 'the secret is missing' },
    fix: {
      zh: '请在 wisp 填写该企业的 Secret。',
      en: 'Enter the secret of this corp in the platform.',
    },
  },
  41008: { kind: 'invalid', text: { zh: '缺少登录 code', en: 'the sign-in code is missing' } },
  41009: { kind: 'invalid', text: { zh: '缺少成员 UserID', en: 'the member UserID is missing' } },
  41011: {
    kind: 'invalid',
    text: { zh: '缺少应用 AgentId', en: 'the AgentId of the application is missing' },
  },
  41016: { kind: 'invalid', text: { zh: '缺少消息标题', en: 'the message title is missing' } },
  41017: { kind: 'invalid', text: { zh: '缺少标签 ID', en: 'the tag id is missing' } },
  41033: { kind: 'invalid', text: { zh: '缺少消息描述', en: 'the message description is missing' } },
  42001: { kind: 'token', text: { zh: 'access_token 已过期', en: 'the access_token has expired' } },
  44004: { kind: 'invalid', text: { zh: '消息内容为空', en: 'the message is empty' } },
  45001: { kind: 'invalid', text: { zh: '多媒体文件大小超过限制', en: 'the media file is too large' } },
  45002: { kind: 'invalid', text: { zh: '消息内容超过长度限制', en: 'the message is too long' } },
  45008: {
    kind: 'invalid',
    text: { zh: '图文消息超过 8 条', en: 'a news message has more than 8 articles' },
  },
  45009: { kind: 'limit', text: { zh: '接口调用超过频率限制', en: 'too many API calls' } },
  45033: { kind: 'limit', text: { zh: '接口并发调用超过限制', en: 'too many API calls at the same time' } },
  46004: { kind: 'notFound', text: { zh: '成员不存在', en: 'the member does not exist' } },
  47001: { kind: 'invalid', text: { zh: '请求内容不是合法的 JSON', en: 'the request is not valid JSON' } },
  48002: {
    kind: 'forbidden',
    text: { zh: '该 Secret 没有调用此接口的权限', en: 'this secret may not call this API' },
    fix: {
      zh: `请到${SYNC_SECRET.zh}开启 API 接口同步及所需权限，或改用有权限的应用 Secret。`,
      en: `Turn on API sync (API 接口同步) and the permissions needed in ${SYNC_SECRET.en}, or use the secret of an application that has the permission.`,
    },
  },
  48009: {
    kind: 'forbidden',
    text: {
      zh: '通讯录同步 Secret 不能读取成员与部门详情（2022 年 8 月 15 日起新增的 IP 受此限制）',
      en: 'the contacts sync secret cannot read the details of members and departments (so for IPs added since 15 August 2022)',
    },
    fix: {
      zh: `请在${APP_PAGE.zh}建立一个可见范围为全公司的应用，把它的 AgentId 和 Secret 添加到 wisp 用于读取姓名。`,
      en: `Create an application whose visible range is the whole company in ${APP_PAGE.en}, and add its AgentId and secret to the platform for reading names.`,
    },
  },
  50001: {
    kind: 'config',
    text: { zh: '跳转域名未登记为可信域名', en: 'the redirect domain is not registered as a trusted domain' },
    fix: {
      zh: `请到${APP_PAGE.zh}的「网页授权及 JS-SDK」中把 wisp 的域名设为可信域名。`,
      en: `Make the platform's domain a trusted domain: open the application in ${APP_PAGE.en}, then Web Authorization and JS-SDK (网页授权及 JS-SDK).`,
    },
  },
  50002: {
    kind: 'forbidden',
    text: { zh: '成员不在应用的可见范围内', en: 'the member is not in the visible range of the application' },
    fix: {
      zh: `请到${APP_PAGE.zh}扩大该应用的可见范围。`,
      en: `Widen the Allowed users (可见范围) of this application in ${APP_PAGE.en}.`,
    },
  },
  50003: {
    kind: 'config',
    text: { zh: '应用已停用', en: 'the application is disabled' },
    fix: {
      zh: `请到${APP_PAGE.zh}启用该应用。`,
      en: `Enable this application in ${APP_PAGE.en}.`,
    },
  },
  60003: { kind: 'notFound', text: { zh: '部门不存在', en: 'the department does not exist' } },
  60004: { kind: 'notFound', text: { zh: '父部门不存在', en: 'the parent department does not exist' } },
  60005: { kind: 'invalid', text: { zh: '部门下存在成员', en: 'the department has members' } },
  60006: { kind: 'invalid', text: { zh: '部门下存在子部门', en: 'the department has sub-departments' } },
  60007: { kind: 'invalid', text: { zh: '不能操作根部门', en: 'the root department cannot be changed' } },
  60008: {
    kind: 'invalid',
    text: { zh: '部门名称或部门 ID 已存在', en: 'the department name or id exists already' },
  },
  60009: {
    kind: 'invalid',
    text: { zh: '部门名称含有非法字符', en: 'the department name contains characters that are not allowed' },
  },
  60010: { kind: 'invalid', text: { zh: '部门存在循环关系', en: 'the departments form a cycle' } },
  60011: {
    kind: 'forbidden',
    text: { zh: '没有访问该成员、部门或标签的权限', en: 'no permission for this member, department or tag' },
    fix: {
      zh: `请到${APP_PAGE.zh}扩大可见范围，或到${SYNC_SECRET.zh}检查通讯录权限。`,
      en: `Widen the Allowed users (可见范围) in ${APP_PAGE.en}, or check the permissions of contacts sync in ${SYNC_SECRET.en}.`,
    },
  },
  60020: {
    kind: 'config',
    text: {
      zh: '服务器 IP 不在企业可信 IP 中',
      en: "the server's IP is not among the company's trusted IPs",
    },
    fix: {
      zh: `请到${APP_PAGE.zh}的「企业可信 IP」（通讯录同步 Secret 则到「管理工具 → 通讯录同步」）加入 wisp 所有节点的出口 IP。`,
      en: `Add the outgoing IPs of all nodes of the platform to Company's Trusted IP (企业可信 IP) of the application in ${APP_PAGE.en}; for the contacts sync secret, in Management Tools → Contacts Sync (管理工具 → 通讯录同步).`,
    },
  },
  60102: { kind: 'invalid', text: { zh: '成员 UserID 已存在', en: 'the member UserID exists already' } },
  60103: { kind: 'invalid', text: { zh: '手机号码不合法', en: 'the mobile number is invalid' } },
  60104: { kind: 'invalid', text: { zh: '手机号码已存在', en: 'the mobile number exists already' } },
  60105: { kind: 'invalid', text: { zh: '邮箱不合法', en: 'the email address is invalid' } },
  60106: { kind: 'invalid', text: { zh: '邮箱已存在', en: 'the email address exists already' } },
  60110: {
    kind: 'invalid',
    text: { zh: '成员所属部门数量超过上限', en: 'the member is in too many departments' },
  },
  60111: { kind: 'notFound', text: { zh: '成员 UserID 不存在', en: 'the member UserID does not exist' } },
  60112: { kind: 'invalid', text: { zh: '成员姓名不合法', en: 'the member name is invalid' } },
  60121: {
    kind: 'notFound',
    text: { zh: '成员不在通讯录中', en: 'the member is not in the address book' },
  },
  60123: { kind: 'notFound', text: { zh: '部门 ID 无效', en: 'the department id is invalid' } },
  60124: { kind: 'notFound', text: { zh: '父部门 ID 无效', en: 'the parent department id is invalid' } },
  60125: { kind: 'invalid', text: { zh: '部门名称不合法', en: 'the department name is invalid' } },
  60129: {
    kind: 'invalid',
    text: { zh: '手机号码和邮箱不能同时为空', en: 'mobile number and email address cannot both be empty' },
  },
  60132: {
    kind: 'invalid',
    text: {
      zh: '部门负责人标记与所属部门数量不一致',
      en: 'the number of leader flags differs from the number of departments',
    },
  },
  81001: { kind: 'invalid', text: { zh: '部门数量超过上限', en: 'there are too many departments' } },
  81002: {
    kind: 'invalid',
    text: { zh: '部门层级超过 15 层', en: 'the departments are more than 15 levels deep' },
  },
  81011: {
    kind: 'forbidden',
    text: { zh: '没有管理该标签的权限', en: 'no permission to manage this tag' },
    fix: {
      zh: '其他应用创建的标签，锁定时只有创建它的应用能修改，通讯录同步 Secret 也不能。请到企业微信管理后台「通讯录 → 标签」解锁该标签。',
      en: 'Only the application that created a locked tag may change it; the contacts sync secret may not either: unlock the tag in the WeCom admin console: Contacts → Tags (通讯录 → 标签).',
    },
  },
  81013: {
    kind: 'invalid',
    text: {
      zh: '接收人全部无效或不在应用可见范围内',
      en: 'all receivers are invalid or outside the visible range of the application',
    },
  },
  81014: {
    kind: 'invalid',
    text: { zh: '一次提交的成员或部门过多', en: 'too many members or departments at once' },
  },
  82001: {
    kind: 'invalid',
    text: { zh: '指定的成员、部门、标签全部无效', en: 'all given members, departments and tags are invalid' },
  },
  82002: { kind: 'invalid', text: { zh: '接收部门数量超过上限', en: 'too many receiving departments' } },
  82003: { kind: 'invalid', text: { zh: '接收标签数量超过上限', en: 'too many receiving tags' } },
  84014: {
    kind: 'invalid',
    text: { zh: '成员票据（user_ticket）已过期', en: 'the member ticket (user_ticket) has expired' },
  },
  84015: {
    kind: 'invalid',
    text: { zh: '成员票据（user_ticket）无效', en: 'the member ticket (user_ticket) is invalid' },
  },
  86001: { kind: 'invalid', text: { zh: '群聊 ID 不合法', en: 'the id of the group chat is invalid' } },
  86003: { kind: 'notFound', text: { zh: '群聊不存在', en: 'the group chat does not exist' } },
  86004: { kind: 'invalid', text: { zh: '群聊名称不合法', en: 'the name of the group chat is invalid' } },
  86005: {
    kind: 'invalid',
    text: { zh: '群主不合法，或不是群成员', en: 'the owner is invalid or no member of the group chat' },
  },
  86006: {
    kind: 'invalid',
    text: { zh: '群成员数应为 2 至 2000', en: 'a group chat takes 2 to 2000 members' },
  },
  86007: {
    kind: 'notFound',
    text: { zh: '群成员不存在或不能加入', en: 'a member of the group chat does not exist or cannot join' },
  },
  86008: {
    kind: 'forbidden',
    text: { zh: '群聊不是该应用创建的', en: 'the group chat was not created by this application' },
  },
  86215: { kind: 'invalid', text: { zh: '群聊 ID 已存在', en: 'the id of the group chat exists already' } },
  86216: {
    kind: 'invalid',
    text: { zh: '群成员不合法', en: 'a member of the group chat is invalid' },
  },
  86217: {
    kind: 'invalid',
    text: { zh: '操作人不在群中', en: 'the operator is no member of the group chat' },
  },
  86220: {
    kind: 'invalid',
    text: { zh: '群聊的接收人不合法', en: 'a receiver of the group chat is invalid' },
  },
  301002: {
    kind: 'forbidden',
    text: { zh: '没有操作该应用的权限', en: 'no permission to operate this application' },
    fix: {
      zh: `自建应用的 Secret 只能访问自己，请到${APP_PAGE.zh}核对 AgentId 与 Secret 属于同一应用。`,
      en: `The secret of a self-built application reaches only that application: make sure in ${APP_PAGE.en} that AgentId and secret belong to the same application.`,
    },
  },
  301021: {
    kind: 'invalid',
    text: {
      zh: '打卡成员的 UserID 无效，或不在应用的可见范围内',
      en: 'a UserID of the check-ins is invalid or outside the visible range of the application',
    },
  },
  301022: { kind: 'other', text: { zh: '读取打卡数据失败', en: 'the check-ins could not be read' } },
  301023: {
    kind: 'invalid',
    text: {
      zh: '打卡成员列表为空或超过 100 人',
      en: 'the members of the check-ins are none or more than 100',
    },
  },
  301024: {
    kind: 'invalid',
    text: { zh: '打卡的时间间隔超过 30 天', en: 'the time of the check-ins is more than 30 days' },
  },
}

const UNKNOWN: ErrcodeInfo = {
  kind: 'other',
  text: { zh: '企业微信返回了未登记的错误', en: 'WeCom answered an error that is not listed' },
}
const MAX_ERRMSG = 500

/** The errcode's entry in the table, or a general one when it has none. */
export function explainErrcode(errcode: number): ErrcodeInfo {
  return errcodes[errcode] ?? UNKNOWN
}

/** WeCom answered and refused. `errmsg` is WeCom's text, cut to 500 characters and without tokens and secrets. */
export class WecomError extends Error {
  readonly errcode: number
  readonly errmsg: string
  readonly kind: ErrcodeKind
  /** For example `/cgi-bin/user/get`, without the query. */
  readonly path: string
  /** The address from which WeCom saw the call, if its text names one. After a 60020 this address must be allowed. */
  declare readonly fromIp?: string

  /** @param secrets values that are removed from the text */
  constructor(errcode: number, errmsg: string, path: string, secrets: readonly string[] = []) {
    const clean = scrub(errmsg, secrets)
    super(`${path}: ${errcode} ${explainErrcode(errcode).text.zh} (${clean})`)
    this.name = 'WecomError'
    this.errcode = errcode
    this.errmsg = clean
    this.kind = explainErrcode(errcode).kind
    this.path = path
    const fromIp = /\bfrom ip:\s*([0-9a-fA-F.:]+)/.exec(errmsg)?.[1]
    if (fromIp !== undefined) this.fromIp = fromIp
  }
}

function scrub(text: string, secrets: readonly string[]): string {
  let clean = text.replace(/\b(access_token|corpsecret|secret)(["']?\s*[=:]\s*["']?)[^\s&"',]+/gi, '$1$2***')
  for (const secret of secrets) if (secret !== '') clean = clean.replaceAll(secret, '***')
  return clean.slice(0, MAX_ERRMSG)
}

/** WeCom gave no usable answer. */
export class WecomUnavailable extends NoAnswer {
  override readonly name = 'WecomUnavailable'
}
