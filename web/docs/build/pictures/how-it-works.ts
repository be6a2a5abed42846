import type { Language } from '../content.ts'
import { arrow, box, drawing, note } from './drawing.ts'

const words = {
  zh: {
    label:
      '成员打开页面，程序调用接口并收到事件；wisp 的节点共用一个 PostgreSQL，并与企业微信、公众号、微信支付、短信和邮件相连',
    members: '成员',
    programs: '程序',
    node: 'wisp 节点',
    others: '更多节点',
    database: 'PostgreSQL',
    upstreams: ['企业微信', '公众号', '微信支付', '短信、邮件'],
    pages: '页面',
    calls: '接口',
    events: '事件',
  },
  en: {
    label:
      'Members open pages; programs call the API and receive events; nodes of wisp share one PostgreSQL and talk to WeCom, official accounts, WeChat Pay, SMS and mail',
    members: 'Members',
    programs: 'Programs',
    node: 'wisp node',
    others: 'more nodes',
    database: 'PostgreSQL',
    upstreams: ['WeCom', 'Accounts', 'WeChat Pay', 'SMS, mail'],
    pages: 'pages',
    calls: 'calls',
    events: 'events',
  },
}

/** Who talks to whom, and where things are kept. */
export function howItWorks(language: Language): string {
  const w = words[language]
  return drawing({
    height: 312,
    label: w.label,
    parts: [
      box({ x: 4, y: 24, width: 140 }, w.members),
      box({ x: 4, y: 132, width: 140 }, w.programs),
      box({ x: 266, y: 24, width: 160, height: 64 }, w.node, 'is-own'),
      box({ x: 266, y: 122, width: 160, height: 64 }, w.others, 'is-own'),
      box({ x: 266, y: 252, width: 160 }, w.database),
      arrow('M144 46 H260'),
      note(200, 36, w.pages),
      arrow('M144 144 H260'),
      note(200, 134, w.calls),
      arrow('M266 166 H150'),
      note(200, 192, w.events),
      // The second line passes between the nodes and their database on the left of the first.
      arrow('M310 186 V246'),
      arrow('M382 246 V192'),
      ...w.upstreams.flatMap((name, at) => [
        box({ x: 528, y: 12 + at * 76, width: 148 }, name),
        arrow(`M426 105 C480 105 476 ${34 + at * 76} 522 ${34 + at * 76}`),
      ]),
    ],
  })
}
