import type { Row } from '../../shared/search/row.ts'

/** Common spellings of the same word. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/登陆/g, '登录'],
  [/帐/g, '账'],
  [/讯息/g, '消息'],
  [/二维码登录/g, '扫码登录'],
]

/** What asks without saying what for. */
const filler =
  /怎么样|怎么办|怎么|怎样|如何|什么是|是什么|为什么|请问|一下|多久|多少次|能不能|可以|会怎样|某人|整个|根据|有哪些|哪些|什么|我的|我们|这个|当前|几天|几次|一个|^(?:取(?![得消])|查(?![询看找])|看(?![过了])|给|把|用(?!户)|从)(?=\p{Script=Han}{2})|[吗呢了的给？?]|\b(?:how|do|does|can|i|to|the|a|an|of|is|my|what|why|when|in|on|for|with|get|by|not|and|or|are|at|from|which|should|who)\b/giu

/** What people say for things that the site calls otherwise: the whole query is also looked for in the site's words. */
const sitesWords: readonly (readonly [RegExp, string])[] = [
  [/员工|职员|同事|人员|雇员|哪些人|所有人|(?<=[下里])有?[谁人]/g, '成员'],
  [/换取|取得|拿到/g, '获取'],
  [/模糊搜索|模糊查找|查找/g, '搜索'],
  [/看了|看过|看没看|读过|读没读/g, '已读'],
  [/催办|催一下|催/g, '提醒'],
  [/对账|比对/g, '核对'],
  [/补发|补推|漏掉|漏发|漏收|丢失/g, '重放'],
  [/保留|保存|存(?=几|多)/g, '保存多久'],
  [/数据库挂了|挂了|宕机|停机|连不上/g, '服务不可用'],
  [/企业微信|接口|\bwecom\b|\bapi\b/gi, ' '],
  [/群发/g, '发消息'],
  [/缴费|费用|学费/g, '账单'],
  [/调了|调过/g, '调用'],
  [/全员/g, '全部成员'],
  [/推送待办|待办推送/g, '写入待办'],
  [/撤销|撤不回/g, '撤回'],
  [/领导|主管|经理|老板/g, '上级'],
  [/重复推送|重复收到/g, '去重'],
  [/数据同步|全量同步/g, '同步通讯录'],
  [/手机号|电话/g, '手机'],
  [/支付状态|付款状态/g, '账单'],
  [/授权范围|作用域/g, '权限'],
  [/返回码|状态码/g, '错误码'],
  [/凭证|令牌/g, 'token'],
  [/\b(?:employee|staff|person|user)s?\b/gi, 'member'],
  [/\b(?:permission|authority|privilege)s?\b/gi, 'scope'],
  [/\b(?:manager|boss|supervisor)s?\b/gi, 'leader'],
  [/\b(?:blocked|suspended|deactivated)\b/gi, 'disabled'],
  [/\btasks?\b/gi, 'to-do'],
  [/\btodos?\b/gi, 'to-do'],
  [/\bpayments?\b/gi, 'bill'],
  [/\b(?:tenant|organi[sz]ation|company|companies)s?\b/gi, 'corp'],
  [/\b(?:logs? kept|log retention|kept)\b/gi, 'retention'],
  [/\b(?:login|log in|signin|logged in)\b/gi, 'sign-in'],
  [/\b(?:invoice|order)s?\b/gi, 'bill'],
  [/\b(?:group|team)s?\b/gi, 'department'],
]

/** The query without what says nothing, unless nothing else is in it. */
export function plain(query: string): string {
  const spelt = spellings.reduce((text, [from, to]) => text.replace(from, to), query.normalize('NFKC'))
  const left = spelt.replace(filler, ' ').replace(/\s+/g, ' ').trim()
  return left === '' ? spelt.trim() : left
}

/** The query as it is, and in the words of the site where those are others. */
export function meaningsOf(query: string): string[] {
  const meant = sitesWords.reduce((text, [from, to]) => text.replace(from, to), query)
  return meant === query ? [query] : [query, meant]
}

/** Where three or more Chinese characters are nowhere together: the most frequent words that differ by one. */
export function correct(query: string, rows: readonly Row[]): string {
  return query.replace(/\p{Script=Han}{3,12}/gu, run => nearest(run, rows) ?? run)
}

function nearest(run: string, rows: readonly Row[]): string | undefined {
  const characters = [...run]
  const patterns = characters.map((_, at) =>
    characters.map((one, index) => (index === at ? '\\p{Script=Han}' : one)).join(''),
  )
  const pattern = new RegExp(patterns.join('|'), 'gu')
  const counts = new Map<string, number>()
  for (const { title, words, text } of rows)
    for (const [found] of `${title} ${words} ${text}`.matchAll(pattern))
      counts.set(found, (counts.get(found) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}
