import { type CatalogueEntry, type ClosedPrefix, closed, personal, plain } from './entry.ts'

/**
 * Calls of official accounts below /cgi-bin/ (developers.weixin.qq.com), as far as they may be passed on. Path and method of each were
 * checked on 2026-11-29 against a public client, SKIT.FlurlHttpClient.Wechat, not against WeChat.
 */
export const officialCatalogue: readonly CatalogueEntry[] = [
  plain('GET', 'get_api_domain_ip', '微信接口的 IP 地址', "addresses of WeChat's API"),
  plain('GET', 'getcallbackip', '微信回调的 IP 地址', 'addresses that pushes come from'),
  plain('POST', 'openapi/quota/get', '查询接口的调用额度', 'quota of a call'),
  plain('POST', 'shorten/gen', '生成短 key', 'make a short key'),
  plain('POST', 'shorten/fetch', '还原短 key', 'what a short key stands for'),
  plain('POST', 'freepublish/batchget', '已发布的文章列表', 'articles that were published'),
  plain('POST', 'freepublish/getarticle', '读取已发布的文章', 'an article that was published'),
  plain('POST', 'freepublish/delete', '删除已发布的文章', 'delete an article that was published'),
  plain('POST', 'material/get_material', '下载永久素材', 'download permanent media'),
  plain('POST', 'comment/open', '打开文章的留言', 'open the comments of an article'),
  plain('POST', 'comment/close', '关闭文章的留言', 'close the comments of an article'),
  personal('POST', 'comment/list', '读取文章的留言', 'comments of an article'),
  personal('POST', 'comment/markelect', '精选一条留言', 'show a comment'),
  personal('POST', 'comment/unmarkelect', '取消精选留言', 'show a comment no longer'),
  personal('POST', 'comment/delete', '删除一条留言', 'delete a comment'),
  personal('POST', 'comment/reply/add', '回复一条留言', 'reply to a comment'),
  personal('POST', 'comment/reply/delete', '删除留言的回复', 'delete the reply to a comment'),
  personal('GET', 'customservice/getkflist', '客服账号列表', 'accounts of customer service'),
  personal('GET', 'customservice/getonlinekflist', '在线的客服', 'customer service that is online'),
]

/** Calls that are never passed on, and why. */
export const officialClosed: readonly ClosedPrefix[] = [
  ...closed(
    ['token', 'stable_token', 'ticket/', 'component/', 'clear_quota', 'changeopenid', 'openapi/'],
    '凭证与额度由平台保管，不交给开发者；JS-SDK 签名请用 /api/official/jssdk/config',
    'the platform keeps tokens and quotas and gives them to nobody; /api/official/jssdk/config signs pages for the JS-SDK',
  ),
  ...closed(
    ['user/', 'tags/', 'groups/'],
    '粉丝由平台提供；请用 /api/official/follower 下的接口',
    'the platform serves followers: use the calls below /api/official/follower',
  ),
  ...closed(
    ['message/', 'template/', 'media/', 'draft/', 'freepublish/submit', 'freepublish/get', 'material/'],
    '消息、素材与草稿由平台发送和保管；请用 /api/official/message/send 或控制台',
    'the platform sends messages and keeps media and drafts: use /api/official/message/send or the console',
  ),
  ...closed(
    ['menu/', 'get_current_selfmenu_info', 'get_current_autoreply_info', 'qrcode/', 'callback/'],
    '菜单、自动回复、推广二维码与推送由管理员在控制台维护',
    'administrators keep menus, automatic replies, QR codes and pushes in the console',
  ),
]
