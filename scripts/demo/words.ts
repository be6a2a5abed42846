import { join } from 'node:path'
import { StartError } from '../../server/platform/operation/start-error.ts'
import type { Demo } from './demo-file.ts'

/** The width of a text in a terminal, where a Chinese character takes two columns. */
function width(text: string): number {
  return [...text].reduce(
    (sum, letter) => sum + (/[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹯＀-｠￠-￦]/u.test(letter) ? 2 : 1),
    0,
  )
}

function table(rows: [string, string][]): string {
  const widest = Math.max(...rows.map(([label]) => width(label)))
  return rows.map(([label, value]) => `  ${label}${' '.repeat(widest - width(label) + 2)}${value}`).join('\n')
}

/** What a person needs to continue, with commands that can be pasted. */
export function greeting(
  demo: Demo,
  about: {
    dataDir: string
    members: number
    seconds: number
    smtp: string | undefined
    sampleUrl: string
    /** Undefined when it was changed. */
    password: string | undefined
  },
): string {
  const { platformUrl: wisp, sandboxUrl: sandbox, devId, devSecret, admin } = demo
  const ask = `curl -s '${wisp}/api/token/getDevToken?devId=${devId}&devSecret=${devSecret}'`
  return `
wisp 已就绪（${about.seconds.toFixed(1)} 秒），按 Ctrl-C 停止。

${table([
  ['控制台', `${wisp}/console`],
  ['工作台', `${wisp}/portal（手机 ${wisp}/mobile）`],
  ['接口文档', `${wisp}/docs`],
  [
    '沙箱企业微信',
    `${sandbox}（示例企业 ${demo.corpId}，${about.members} 名成员，包括已退出企业的；平台不列出这些成员）`,
  ],
  ...(about.smtp ? ([['沙箱邮件', about.smtp]] satisfies [string, string][]) : []),
  ['手机', `${sandbox}/phone（企业微信、微信、短信和邮件会出现在这里）`],
  ...(demo.second
    ? ([
        ['新客户示例企业', `${demo.second.sandboxUrl}（${demo.second.corpId}，2022 年后的限制与可信 IP）`],
      ] satisfies [string, string][])
    : []),
  ...(demo.official ?? []).map(({ originalId, appId }): [string, string] => [
    '公众号',
    `${originalId}（AppID ${appId}）`,
  ]),
  ...(demo.pay
    ? ([['统一支付', `${demo.pay.appUrl}（商户号 ${demo.pay.mchId}）`]] satisfies [string, string][])
    : []),
  [
    '系统管理员',
    `${admin.user} / ${about.password ?? '您自己设的密码（忘了：npx wisp admin reset-password）'}`,
  ],
  ['devId', devId],
  ['devSecret', devSecret],
  ['示例应用', `${about.sampleUrl}（${demo.appId}，AgentId ${demo.agentId}）`],
  ...(demo.oidc && demo.cas
    ? ([
        [
          '登录示例',
          `${new URL(demo.oidc.redirectUri).origin}（OpenID Connect）、${demo.cas.service}（CAS）`,
        ],
      ] satisfies [string, string][])
    : []),
  ...(demo.oaUrl
    ? ([['小 OA', `${demo.oaUrl}（像泛微、致远、蓝凌那样推送待办）`]] satisfies [string, string][])
    : []),
  ['以上信息', join(about.dataDir, 'demo.json')],
  [
    '日志',
    `${join(about.dataDir, 'wisp.log')}、${join(about.dataDir, 'sandbox.log')}、${join(about.dataDir, 'sample-app.log')}`,
  ],
])}

第一次调用（在另一个终端中逐行粘贴）：

  # 取 devToken，两小时内有效
  TOKEN=$(${ask} | sed 's/.*"devToken":"\\([^"]*\\)".*/\\1/')

  # 组织架构、成员、模糊查询（姓名、拼音、首字母）
  curl -s "${wisp}/api/org/list?devToken=$TOKEN"
  curl -s "${wisp}/api/user/get?devToken=$TOKEN&userId=zhangsan"
  curl -s -H 'content-type: application/json' -d '{"searchName":"zs"}' "${wisp}/api/user/search?devToken=$TOKEN"

  # 给张三发一条消息，在他的手机上查看
  curl -s -H 'content-type: application/json' -d '{"toUser":"zhangsan","sendType":"0","msgType":"03","agentName":"审批","content":"你好"}' "${wisp}/api/message/send?devToken=$TOKEN"

  # 按消息类型发一条：文字已写好，只给变量
  curl -s -H 'content-type: application/json' -d '{"type":"leave-approved","toUser":"zhangsan","data":{"days":3}}' "${wisp}/api/message/notify?devToken=$TOKEN"

  # 在沙箱的通讯录里改名：回调随即到达，再查一次就是新名字
  curl -s -d '{"userid":"zhangsan","name":"张三丰"}' '${sandbox}/_sandbox/admin/user/update'; sleep 1
  curl -s "${wisp}/api/user/get?devToken=$TOKEN&userId=zhangsan"

从这里开始，一分钟走一遍：${sandbox}/tour
`
}

export function portBusy(port: number, name: string): StartError {
  const other = port + 100 > 65_535 ? port - 100 : port + 100
  return new StartError(
    `端口 ${port} 已被其他程序占用。请停止那个程序（查看：lsof -i :${port}），或换一个端口：${name}=${other} npm start`,
    `Port ${port} is in use by another program. Stop it (lsof -i :${port} names it), or take another port: ${name}=${other} npm start`,
  )
}

export function alreadyStarted(dataDir: string): string {
  return `${dataDir} 已有一个 wisp 在运行。请先停止它（在它的终端按 Ctrl-C），或换一个数据目录：WISP_DATA_DIR=./data2 npm start（端口也须另选）`
}
