/**
 * What a caller can do about an errcode: fetch a new token, try again, slow down, ask for permission, accept that it is
 * gone, change the configuration, correct the request, or nothing in particular.
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

export interface ErrcodeInfo {
  kind: ErrcodeKind
  /** What it means, for an administrator. */
  text: string
  /** What to change and where in WeCom's console. */
  fix?: string
}

const SYNC_SECRET = '企业微信管理后台「管理工具 → 通讯录同步」'
const APP_PAGE = '企业微信管理后台「应用管理 → 自建应用」'

/** The one table of WeCom errcodes (upstream.md §1, §2, §3, §5, §6). */
export const errcodes: Readonly<Record<number, ErrcodeInfo>> = {
  [-1]: { kind: 'busy', text: '企业微信系统繁忙' },
  40001: {
    kind: 'config',
    text: 'Secret 错误',
    fix: `请到${SYNC_SECRET}或${APP_PAGE}重新查看 Secret，并更新到本平台；重置过 Secret 后旧值立即失效。`,
  },
  40003: { kind: 'notFound', text: '成员 UserID 不存在或无效' },
  40008: { kind: 'invalid', text: '消息类型不合法' },
  40013: {
    kind: 'config',
    text: '企业 ID（corpid）错误',
    fix: '请到企业微信管理后台「我的企业 → 企业信息」页面底部复制企业 ID，并更新到本平台。',
  },
  40014: { kind: 'token', text: 'access_token 无效' },
  40029: { kind: 'invalid', text: '登录 code 无效、已使用或已过期' },
  40031: { kind: 'invalid', text: 'UserID 列表不合法' },
  40032: { kind: 'invalid', text: 'UserID 列表超过长度上限' },
  40033: { kind: 'invalid', text: '请求内容含有不合法的字符' },
  40035: { kind: 'invalid', text: '请求参数不合法' },
  40056: {
    kind: 'config',
    text: '应用 AgentId 不合法',
    fix: `请到${APP_PAGE}核对该应用的 AgentId。`,
  },
  40058: { kind: 'invalid', text: '请求参数不合法' },
  40063: { kind: 'invalid', text: '必填参数为空' },
  40068: { kind: 'notFound', text: '标签 ID 不存在或无效' },
  40070: { kind: 'invalid', text: '提交的成员和部门全部无效' },
  40071: { kind: 'invalid', text: '标签名称已存在' },
  40072: { kind: 'invalid', text: '标签名称长度不合法' },
  40073: { kind: 'invalid', text: 'OpenID 不合法' },
  40091: {
    kind: 'config',
    text: 'Secret 无效，可能属于其他企业',
    fix: `请确认企业 ID 与 Secret 属于同一企业，并到${SYNC_SECRET}或${APP_PAGE}重新查看 Secret。`,
  },
  41001: { kind: 'token', text: '缺少 access_token' },
  41002: { kind: 'config', text: '缺少企业 ID（corpid）', fix: '请在本平台填写企业 ID。' },
  41004: { kind: 'config', text: '缺少 Secret', fix: '请在本平台填写该企业的 Secret。' },
  41008: { kind: 'invalid', text: '缺少登录 code' },
  41009: { kind: 'invalid', text: '缺少成员 UserID' },
  41011: { kind: 'invalid', text: '缺少应用 AgentId' },
  41016: { kind: 'invalid', text: '缺少消息标题' },
  41017: { kind: 'invalid', text: '缺少标签 ID' },
  41033: { kind: 'invalid', text: '缺少消息描述' },
  42001: { kind: 'token', text: 'access_token 已过期' },
  44004: { kind: 'invalid', text: '消息内容为空' },
  45001: { kind: 'invalid', text: '多媒体文件大小超过限制' },
  45002: { kind: 'invalid', text: '消息内容超过长度限制' },
  45008: { kind: 'invalid', text: '图文消息超过 8 条' },
  45009: { kind: 'limit', text: '接口调用超过频率限制' },
  45033: { kind: 'limit', text: '接口并发调用超过限制' },
  46004: { kind: 'notFound', text: '成员不存在' },
  47001: { kind: 'invalid', text: '请求内容不是合法的 JSON' },
  48002: {
    kind: 'forbidden',
    text: '该 Secret 没有调用此接口的权限',
    fix: `请到${SYNC_SECRET}开启 API 接口同步及所需权限，或改用有权限的应用 Secret。`,
  },
  48009: {
    kind: 'forbidden',
    text: '通讯录同步 Secret 不能读取成员与部门详情（2022 年 8 月 15 日起新增的 IP 受此限制）',
    fix: `请在${APP_PAGE}建立一个可见范围为全公司的应用，把它的 AgentId 和 Secret 添加到本平台用于读取姓名。`,
  },
  50001: {
    kind: 'config',
    text: '跳转域名未登记为可信域名',
    fix: `请到${APP_PAGE}的「网页授权及 JS-SDK」中把本平台的域名设为可信域名。`,
  },
  50002: {
    kind: 'forbidden',
    text: '成员不在应用的可见范围内',
    fix: `请到${APP_PAGE}扩大该应用的可见范围。`,
  },
  50003: { kind: 'config', text: '应用已停用', fix: `请到${APP_PAGE}启用该应用。` },
  60003: { kind: 'notFound', text: '部门不存在' },
  60004: { kind: 'notFound', text: '父部门不存在' },
  60005: { kind: 'invalid', text: '部门下存在成员' },
  60006: { kind: 'invalid', text: '部门下存在子部门' },
  60007: { kind: 'invalid', text: '不能操作根部门' },
  60008: { kind: 'invalid', text: '部门名称或部门 ID 已存在' },
  60009: { kind: 'invalid', text: '部门名称含有非法字符' },
  60010: { kind: 'invalid', text: '部门存在循环关系' },
  60011: {
    kind: 'forbidden',
    text: '没有访问该成员、部门或标签的权限',
    fix: `请到${APP_PAGE}扩大可见范围，或到${SYNC_SECRET}检查通讯录权限。`,
  },
  60020: {
    kind: 'config',
    text: '服务器 IP 不在企业可信 IP 中',
    fix: `请到${APP_PAGE}的「企业可信 IP」（通讯录同步 Secret 则到「管理工具 → 通讯录同步」）加入本平台所有节点的出口 IP。`,
  },
  60102: { kind: 'invalid', text: '成员 UserID 已存在' },
  60103: { kind: 'invalid', text: '手机号码不合法' },
  60104: { kind: 'invalid', text: '手机号码已存在' },
  60105: { kind: 'invalid', text: '邮箱不合法' },
  60106: { kind: 'invalid', text: '邮箱已存在' },
  60110: { kind: 'invalid', text: '成员所属部门数量超过上限' },
  60111: { kind: 'notFound', text: '成员 UserID 不存在' },
  60112: { kind: 'invalid', text: '成员姓名不合法' },
  60123: { kind: 'notFound', text: '部门 ID 无效' },
  60124: { kind: 'notFound', text: '父部门 ID 无效' },
  60125: { kind: 'invalid', text: '部门名称不合法' },
  60129: { kind: 'invalid', text: '手机号码和邮箱不能同时为空' },
  60132: { kind: 'invalid', text: '部门负责人标记与所属部门数量不一致' },
  81001: { kind: 'invalid', text: '部门数量超过上限' },
  81002: { kind: 'invalid', text: '部门层级超过 15 层' },
  81011: {
    kind: 'forbidden',
    text: '没有管理该标签的权限',
    fix: '应用只能修改自己创建或未锁定的标签，请到企业微信管理后台「通讯录 → 标签」解锁该标签，或改用通讯录同步 Secret。',
  },
  81013: { kind: 'invalid', text: '接收人全部无效或不在应用可见范围内' },
  81014: { kind: 'invalid', text: '一次提交的成员或部门过多' },
  82001: { kind: 'invalid', text: '指定的成员、部门、标签全部无效' },
  82002: { kind: 'invalid', text: '接收部门数量超过上限' },
  82003: { kind: 'invalid', text: '接收标签数量超过上限' },
  84014: { kind: 'invalid', text: '成员票据（user_ticket）已过期' },
  84015: { kind: 'invalid', text: '成员票据（user_ticket）无效' },
  301002: {
    kind: 'forbidden',
    text: '没有操作该应用的权限',
    fix: `自建应用的 Secret 只能访问自己，请到${APP_PAGE}核对 AgentId 与 Secret 属于同一应用。`,
  },
}

const UNKNOWN: ErrcodeInfo = { kind: 'other', text: '企业微信返回了未登记的错误' }
const MAX_ERRMSG = 500

/** The entry of the table, or a general one for an errcode that is not in it. */
export function explainErrcode(errcode: number): ErrcodeInfo {
  return errcodes[errcode] ?? UNKNOWN
}

/** WeCom answered and refused. `errmsg` is WeCom's own text, cut to 500 characters and free of tokens and secrets. */
export class WecomError extends Error {
  readonly errcode: number
  readonly errmsg: string
  readonly kind: ErrcodeKind
  /** Such as `/cgi-bin/user/get`, without its query. */
  readonly path: string
  /** The address WeCom saw, when its text names one: what a 60020 needs added. */
  declare readonly fromIp?: string

  /** @param secrets values that must not survive in the text */
  constructor(errcode: number, errmsg: string, path: string, secrets: readonly string[] = []) {
    const clean = scrub(errmsg, secrets)
    super(`${path}: ${errcode} ${explainErrcode(errcode).text} (${clean})`)
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

export type UnavailableReason = 'timeout' | 'network' | 'http' | 'html' | 'json'

/** No usable answer came. `ambiguous` says that WeCom may have received, and acted on, the request. */
export class WecomUnavailable extends Error {
  readonly path: string
  readonly reason: UnavailableReason
  /** The HTTP status, when there was one. */
  declare readonly status?: number
  readonly ambiguous: boolean

  constructor(
    path: string,
    reason: UnavailableReason,
    detail: string,
    about: { status?: number; ambiguous: boolean },
  ) {
    super(`${path}: ${detail}`)
    this.name = 'WecomUnavailable'
    this.path = path
    this.reason = reason
    this.ambiguous = about.ambiguous
    if (about.status !== undefined) this.status = about.status
  }
}
