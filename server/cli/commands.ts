import type { Command } from './command.ts'
import { adminCommands } from './commands/admin.ts'
import { agentCommands } from './commands/agent.ts'
import { alertCommands } from './commands/alert.ts'
import { appCommands } from './commands/app/app.ts'
import { appMenuCommands } from './commands/app/app-menu.ts'
import { backupCommands } from './commands/backup.ts'
import { configCommands } from './commands/config/config-check.ts'
import { corpCommands } from './commands/corp.ts'
import { developerCommands } from './commands/developer.ts'
import { messageCommands } from './commands/message.ts'
import { messageConfigCommands } from './commands/message-config.ts'
import { officialAccountCommands } from './commands/official/accounts.ts'
import { officialPullCommands } from './commands/official/pull.ts'
import { officialPushCommands } from './commands/official/pushes.ts'
import { officialRuleCommands } from './commands/official/rules.ts'
import { officialSendCommands } from './commands/official/send.ts'
import { packetCommands } from './commands/packets.ts'
import { payBillCommands } from './commands/pay/bills.ts'
import { payMerchantCommands } from './commands/pay/merchants.ts'
import { payReconcileCommands } from './commands/pay/reconcile.ts'
import { payRefundCommands } from './commands/pay/refunds.ts'
import { syncCommands } from './commands/sync.ts'
import { ticketCommands } from './commands/ticket.ts'
import { webhookCommands } from './commands/webhook.ts'

/** The words that precede a command's last word, and what each group is about. */
export const groups: Record<string, string> = {
  corp: '企业',
  agent: '企业微信自建应用',
  developer: '开发者',
  webhook: '开发者的事件订阅',
  app: '应用中心',
  admin: '管理员',
  'admin role': '成员的管理员身份',
  'admin second-factor': '系统超级管理员的两步验证',
  ticket: 'jessionId',
  sync: '通讯录同步',
  alert: '提醒',
  message: '消息中心',
  'message templates': '短信模板',
  official: '公众号',
  'official rule': '公众号的自动回复规则',
  pay: '统一支付',
  'pay merchant': '微信支付商户号',
  'pay bill': '账单',
  config: '环境变量与运行环境',
}

/** In the order in which the help lists them. */
export const commands: Command[] = [
  ...corpCommands,
  ...agentCommands,
  ...developerCommands,
  ...packetCommands,
  ...webhookCommands,
  ...appCommands,
  ...appMenuCommands,
  ...adminCommands,
  ...ticketCommands,
  ...syncCommands,
  ...alertCommands,
  ...messageConfigCommands,
  ...messageCommands,
  ...officialAccountCommands,
  ...officialRuleCommands,
  ...officialPullCommands,
  ...officialPushCommands,
  ...officialSendCommands,
  ...payReconcileCommands,
  ...payMerchantCommands,
  ...payBillCommands,
  ...payRefundCommands,
  ...backupCommands,
  ...configCommands,
]
