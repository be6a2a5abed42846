/** Descriptions of the modes, grouped by where they apply. */
export const modes = {
  busy: '繁忙（-1）',
  slow: '很慢',
  timeout: '不应答',
  http500: 'HTTP 500',
  html: '返回网页而不是 JSON',
  truncated: '应答被截断',
  acceptedThenTimeout: '已经做了，但不应答',
  rateLimit: '频率超限（45009）',
  tokenExpired: 'token 过期（42001）',
  tokenRevoked: 'token 失效（40014）',
  code: '指定错误码',
  dropCallback: '回调：丢弃',
  duplicateCallback: '回调：重复',
  reorderCallback: '回调：乱序',
  wrongAmount: '支付通知：少 1 分',
  foreignMerchant: '支付通知：别家的商户号',
  forgedSignature: '支付通知：假的签名',
  signTest: '支付通知：探测流量',
  v2Xml: '支付通知：旧版 XML',
}

export const presets = [
  [
    '企业微信',
    [
      ['繁忙 10%', { mode: 'busy', match: '/^.cgi-bin./', probability: 0.1 }],
      ['每次慢 3 秒', { mode: 'slow', match: '/^.cgi-bin./', delayMs: 3000 }],
      ['完全不应答', { mode: 'timeout', match: '/^.cgi-bin./' }],
      ['HTTP 500', { mode: 'http500', match: '/^.cgi-bin./' }],
      ['频率超限', { mode: 'rateLimit', match: '/^.cgi-bin./' }],
      ['60020 可信 IP', { mode: 'code:60020', match: '/^.cgi-bin./' }],
      ['48009 无权读通讯录', { mode: 'code:48009', match: '/^.cgi-bin.(user|department).(get|list)$/' }],
      ['token 失效一次', { mode: 'tokenRevoked', match: '/^.cgi-bin./', times: 1 }],
    ],
  ],
  [
    '公众号',
    [
      ['繁忙 10%', { mode: 'busy', match: '/official/', probability: 0.1 }],
      ['完全不应答', { mode: 'timeout', match: '/official/' }],
      ['40164 IP 白名单', { mode: 'code:40164', match: 'official/cgi-bin/stable_token' }],
      ['今天的次数用完', { mode: 'rateLimit', match: '/official/' }],
      ['token 失效一次', { mode: 'tokenRevoked', match: '/official/', times: 1 }],
      ['群发已收下但不应答', { mode: 'acceptedThenTimeout', match: 'message/mass/send', times: 1 }],
      ['推送丢弃一半', { mode: 'dropCallback', match: 'callback/official/', probability: 0.5 }],
      ['推送送两次', { mode: 'duplicateCallback', match: 'callback/official/' }],
    ],
  ],
  [
    '微信支付',
    [
      ['系统错误 10%', { mode: 'busy', match: '/v3/', probability: 0.1 }],
      ['完全不应答', { mode: 'timeout', match: '/v3/' }],
      ['下单已收下但不应答', { mode: 'acceptedThenTimeout', match: 'v3/pay/transactions', times: 1 }],
      ['退款频率超限', { mode: 'rateLimit', match: 'v3/refund', times: 1 }],
      ['通知丢一半', { mode: 'dropCallback', match: 'callback/pay/', probability: 0.5 }],
      ['通知送两次', { mode: 'duplicateCallback', match: 'callback/pay/' }],
      ['通知晚 10 分钟', { mode: 'reorderCallback', match: 'callback/pay/', delayMs: 600_000 }],
      ['通知少 1 分', { mode: 'wrongAmount', match: 'callback/pay/', times: 1 }],
      ['通知签名是假的', { mode: 'forgedSignature', match: 'callback/pay/', times: 1 }],
    ],
  ],
  [
    '回调',
    [
      ['丢弃一半', { mode: 'dropCallback', probability: 0.5 }],
      ['全部丢弃', { mode: 'dropCallback' }],
      ['重复送两次', { mode: 'duplicateCallback' }],
      ['打乱顺序', { mode: 'reorderCallback', probability: 0.5 }],
    ],
  ],
  [
    '消息、短信、邮件',
    [
      ['消息已收下但不应答', { mode: 'acceptedThenTimeout', match: 'message/send', times: 1 }],
      ['消息接口繁忙', { mode: 'busy', match: 'message/send' }],
      ['短信接口频率超限', { mode: 'rateLimit', match: 'sms/' }],
      ['短信签名不对', { mode: 'tokenExpired', match: 'sms/' }],
      ['邮件服务器不收信', { mode: 'busy', match: 'smtp/data' }],
      ['邮件密码不对', { mode: 'tokenExpired', match: 'smtp/auth' }],
    ],
  ],
]

const places = [
  [/^$/, '全部接口'],
  [/^\/\^\.cgi-bin\.\/$/, '企业微信的全部接口'],
  [/^\/official\/$/, '公众号的全部接口'],
  [/^official\/cgi-bin\/(stable_)?token$/, '公众号的 token'],
  [/^message\/mass\/send$/, '群发'],
  [/^callback\/official\/$/, '公众号的推送'],
  [/^\/v3\/$/, '微信支付的全部接口'],
  [/^v3\/pay\/transactions$/, '下单和查询'],
  [/^v3\/refund$/, '退款'],
  [/^callback\/pay\/$/, '微信支付的通知'],
  [/^message\/send$/, '发消息'],
  [/^sms\/$/, '短信'],
  [/^smtp\/data$/, '发邮件'],
  [/^smtp\/auth$/, '邮件登录'],
]

/** Describes a fault in a sentence. */
export function describe({ match, mode, probability, times, delayMs }) {
  const isCallback = mode.endsWith('Callback')
  const [, place = match] = places.find(([pattern]) => pattern.test(match)) ?? []
  const where = isCallback && match === '' ? '' : `${place}：`
  const what = mode.startsWith('code:') ? `错误码 ${mode.slice(5)}` : modes[mode]
  const more = [
    probability < 1 && `${Math.round(probability * 1000) / 10}%`,
    delayMs !== null && `${delayMs} 毫秒`,
    times !== null && (times === 0 ? '次数已用完' : `还剩 ${times} 次`),
  ].filter(Boolean)
  return `${where}${what}${more.length > 0 ? `，${more.join('，')}` : ''}`
}
