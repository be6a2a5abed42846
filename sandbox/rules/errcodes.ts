import { randomInt } from 'node:crypto'

/**
 * The errcodes that the sandbox can answer, with WeCom's own messages
 * (docs/upstream/wecom-calls.md#errcodes-of-tokens-and-permissions and the pages beside it).
 */
export const errcodes = {
  [-1]: 'system busy',
  40001: 'invalid credential',
  40003: 'invalid userid',
  40004: 'invalid media type',
  40005: 'invalid file type',
  40006: 'invalid media size',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40016: 'invalid button size',
  40017: 'invalid button type',
  40018: 'invalid button name size',
  40019: 'invalid button key size',
  40020: 'invalid button url size',
  40022: 'invalid sub button level',
  40023: 'invalid sub button size',
  40024: 'invalid sub button type',
  40025: 'invalid sub button name size',
  40026: 'invalid sub button key size',
  40027: 'invalid sub button url size',
  40029: 'invalid code',
  40031: 'all list invalid',
  40032: 'invalid userid list size',
  40035: 'invalid parameter',
  40054: 'invalid url domain',
  40055: 'invalid button url domain',
  40056: 'invalid agentid',
  40058: 'invalid Request Parameter',
  40063: 'some parameters are empty',
  40068: 'invalid tagid',
  40070: 'invalid tag user list',
  40071: 'invalid tag name',
  40072: 'invalid tag name size',
  40073: 'invalid openid',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'secret missing',
  41008: 'missing code',
  41005: 'media data missing',
  41009: 'missing userid',
  41010: 'missing url',
  41011: 'missing agentid',
  41016: 'missing title',
  41017: 'missing tagid',
  41033: 'missing description',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  44001: 'empty media data',
  44002: 'empty post data',
  44004: 'empty content',
  45002: 'content size out of limit',
  45008: 'article size out of limit',
  45009: 'api freq out of limit',
  45033: 'api concurrent out of limit',
  46003: 'menu no exist',
  46004: 'user not exist',
  47001: 'data format error',
  48002: 'api forbidden',
  48009: 'api forbidden for contact assistant',
  50003: 'app is disabled',
  60003: 'department not found',
  60004: 'parent department not found',
  60005: 'department contains user',
  60006: 'department contains sub-departments',
  60007: 'not allow to delete root department',
  60008: 'department existed',
  60009: 'department name contains invalid characters',
  60010: 'department cycle',
  60011: 'no privilege to access/modify contact/party/agent',
  60020: 'not allow to access from your ip',
  60102: 'userid existed',
  60103: 'invalid mobile',
  60104: 'mobile existed',
  60105: 'invalid email',
  60106: 'email existed',
  60110: 'user department number exceeds limit',
  60111: 'userid not found',
  60112: 'invalid user name',
  60121: 'user not in corp',
  60123: 'invalid party id',
  60124: 'invalid parent party id',
  60125: 'invalid party name',
  60129: 'missing mobile or email',
  60132: 'is_leader_in_dept and department size mismatch',
  81001: 'department node number exceeds limit',
  81002: 'department level exceeds limit',
  81011: 'no privilege to modify tag',
  81014: 'too many users or parties in one call',
  81013: 'user & party & tag all invalid',
  82001: 'no touser, toparty and totag',
  82002: 'party list size out of limit',
  82003: 'tag list size out of limit',
  84014: 'user_ticket expired',
  84015: 'invalid user_ticket',
  86001: 'invalid chat id',
  86003: 'chat not exist',
  86005: 'invalid chat owner',
  86006: 'invalid chat member list size',
  86007: 'invalid chat member',
  86008: 'no privilege to access this chat',
  86215: 'chat existed',
  301002: 'no right to access agent',
  301021: 'invalid userid',
  301023: 'invalid useridlist',
  301024: 'invalid time interval',
  301025: 'invalid approval parameter',
  301055: 'no approval auth',
  301056: 'approval app is disabled',
} as const

export type Errcode = keyof typeof errcodes

/** An error that is answered as WeCom does: HTTP 200 with this errcode. */
export class WecomError extends Error {
  readonly errcode: number

  constructor(errcode: Errcode, detail?: string) {
    super(detail ? `${errcodes[errcode]}, ${detail}` : errcodes[errcode])
    this.errcode = errcode
  }
}

/** The errmsg as WeCom builds it: text, hint, the caller's address and a link (docs/upstream/wecom-calls.md#answers). */
export function failure(errcode: number, text: string, ip: string): { errcode: number; errmsg: string } {
  const hint = `${Math.floor(Date.now() / 1000)}${randomInt(100000, 999999)}${randomInt(100000, 999999)}`
  const link = `https://open.work.weixin.qq.com/devtool/query?e=${errcode}`
  return { errcode, errmsg: `${text}, hint: [${hint}], from ip: ${ip}, more info at ${link}` }
}
