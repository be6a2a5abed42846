import type { ChannelName } from '../../server/features/channels/channels.ts'
import { setChannel, switchOffChannel } from '../../server/features/channels/settings/settings.ts'
import { putTemplate, removeTemplate } from '../../server/features/channels/sms/templates.ts'
import { approveType, setTypeState } from '../../server/features/message-types/change-type.ts'
import type { Definition } from '../../server/features/message-types/definition.ts'
import { putType } from '../../server/features/message-types/put-type.ts'
import { resend } from '../../server/features/messages/fate/resend.ts'
import { sendTrial } from '../../server/features/messages/trial/trial.ts'
import { setSendApproval } from '../../server/features/send-approval/set-approval.ts'
import type { ApprovalSettings } from '../../server/features/send-approval/settings.ts'
import { versionOf } from '../../server/platform/http/form-version.ts'
import { api, command, feature, here, management, page, type Rule } from './ways.ts'

/** The rules for messages, their channels and templates. */

const actor = 'test'
const ctx = () => here.world.ctx
const corpId = () => here.world.corpId

const template = { id: 'code', vendorId: '1', params: [], signName: '', text: '' }
/** An SMS by a template that takes a variable. */
const needs = { templateId: 'needs' }
const sms = { toUser: 'zhangsan', agentName: '审批', ...needs }
const put = (change: Partial<Parameters<typeof putTemplate>[3]>, id: string, ...words: string[]) => [
  feature(() => putTemplate(ctx(), actor, corpId(), { ...template, ...change })),
  page('/web/messages/templates/save', () => ({ ...template, ...change })),
  command('message', 'templates', 'put', id, '--vendor-id', '1', ...words),
]

const configure = (channel: ChannelName, settings: Record<string, string | number>, ...words: string[]) => [
  feature(() => setChannel(ctx(), actor, corpId(), channel, settings)),
  page('/web/messages/settings/channel', () => ({ version: 'x', channel, settings })),
  command('message', 'config', ...words),
]

const typeOf = (content: string): Definition => ({
  name: '通知',
  level: 'normal',
  channels: ['wecom'],
  templates: { wecom: { zh: { content } } },
})
const putOne = (key: string, definition: Definition) => [
  feature(() => putType(ctx(), { actor, devId: null }, corpId(), key, definition)),
  page('/web/message-types/save', () => ({ key, definition })),
  management('messageType/put', () => ({ key, definition })),
]

const approve = (settings: Partial<ApprovalSettings>, ...words: string[]) => [
  feature(() => setSendApproval(ctx(), actor, corpId(), settings)),
  page('/web/messages/approval-settings/save', () => {
    const version = versionOf(ctx().sendApproval.of(corpId()))
    return { version, all: '1', untyped: '0', ...settings }
  }),
  management('message/approvalSettings/set', () => ({ sendApproval: settings })),
  command('message', 'approval', ...words),
]

export const messages: Rule[] = [
  [
    'a budget of SMS without a price',
    '1000',
    /smsBudget：预算以金额计/,
    approve({ smsBudget: 100 }, '--sms-budget', '100'),
  ],
  [
    'a part for urgent messages that is more than the budget',
    '1000',
    /smsUrgent 为 200 分，大于/,
    approve({ smsUrgent: 200 }, '--sms-urgent', '200'),
  ],
  ['a message type under a name of wisp’s', '1000', /wisp\./, putOne('wisp.mine', typeOf('甲'))],
  [
    'a message type with a loop',
    '1000',
    /templates\.wecom\.zh\.content/,
    putOne('loop', typeOf('{% for a in b %}{% endfor %}')),
  ],
  [
    'the state of a message type that is not there',
    '1000',
    /没有消息类型 none/,
    [
      feature(() => setTypeState(ctx(), actor, corpId(), 'none', 'paused')),
      page('/web/message-types/state', () => ({ key: 'none', state: 'paused' })),
      management('messageType/state', () => ({ key: 'none', state: 'paused' })),
      command('message', 'type', 'pause', 'none'),
    ],
  ],
  [
    'the approval of a message type that is not there',
    '1000',
    /没有消息类型 none/,
    [
      feature(() => approveType(ctx(), actor, corpId(), 'none', 1)),
      page('/web/message-types/approve', () => ({ key: 'none', version: 1 })),
      command('message', 'type', 'approve', 'none', '1'),
    ],
  ],
  [
    'turning off a channel whose name is not typed',
    '1000',
    /应为要停用的渠道/,
    [
      feature(() => switchOffChannel(ctx(), actor, corpId(), 'sms', '邮件')),
      page('/web/messages/settings/channel', () => ({ version: 'x', channel: 'sms', confirm: '邮件' })),
      command('message', 'config', '--no-sms-vendor', '--confirm', '邮件'),
    ],
  ],
  [
    'an agent that is not there',
    '1000',
    /424242/,
    configure('wecom', { agentId: 424242 }, '--agent', '424242'),
  ],
  [
    'a sender that is no mail address',
    '1000',
    /应为邮箱地址/,
    configure(
      'email',
      { host: 'mail.example', security: 'tls', port: 465, from: 'nobody' },
      ...['--smtp-host', 'mail.example', '--smtp-from', 'nobody'],
    ),
  ],
  [
    'a signature in brackets',
    '1000',
    /不带【】/,
    configure(
      'sms',
      { vendor: 'aliyun', accessKeyId: 'a', accessKeySecret: 'b', signName: '【华宇】' },
      ...['--sms', 'aliyun', '--secret-id', 'a', '--secret-key', 'b', '--sign-name', '【华宇】'],
    ),
  ],
  [
    'a template with a variable twice',
    '1000',
    /重复/,
    put({ params: ['a', 'a'] }, 'code', '--params', 'a,a'),
  ],
  ['a template with an odd id', '1000', /模板 id/, put({ id: 'a/b' }, 'a/b')],
  ['a template with an odd variable', '1000', /变量名/, put({ params: ['a-b'] }, 'code', '--params', 'a-b')],
  [
    'the removal of no template',
    '1000',
    /没有模板 none/,
    [
      feature(() => removeTemplate(ctx(), actor, corpId(), 'none')),
      page('/web/messages/templates/remove', () => ({ id: 'none' })),
      command('message', 'templates', 'remove', 'none'),
    ],
  ],
  [
    'a trial sent to nobody',
    '1007',
    /nobody/,
    [
      feature(() => sendTrial(ctx(), actor, corpId(), { channel: 'wecom', userId: 'nobody', given: {} })),
      page('/web/messages/test', () => ({ channel: 'wecom', userId: 'nobody' })),
      command('message', 'test', 'nobody'),
    ],
  ],
  [
    'an SMS without the variables of its template',
    '1001',
    /params/,
    [
      feature(() => sendTrial(ctx(), actor, corpId(), { channel: 'sms', userId: 'zhangsan', given: needs })),
      page('/web/messages/test', () => ({ channel: 'sms', userId: 'zhangsan', ...needs })),
      page('/web/messages/send', () => ({ ...sms, sendType: '1', requestId: 'needs' })),
      page('/web/messages/preview', () => ({ ...sms, sendType: '1' })),
      command('message', 'test', 'zhangsan', '--channel', 'sms', '--template', 'needs'),
      api('/api/message/sms', () => sms),
    ],
  ],
  [
    'no message sent again',
    '1000',
    /没有消息 none/,
    [
      feature(() => resend(ctx(), actor, corpId(), 'none')),
      page('/web/messages/resend', () => ({ msgId: 'none' })),
      command('message', 'resend', 'none'),
    ],
  ],
  [
    'nobody urged about a message that is not there',
    '1000',
    /没有消息 none/,
    [page('/web/messages/urge', () => ({ msgId: 'none' })), command('message', 'urge', 'none')],
  ],
  [
    'no message recalled',
    '1000',
    /没有消息 none/,
    [
      page('/web/messages/recall', () => ({ msgId: 'none' })),
      command('message', 'recall', 'none'),
      api('/api/message/recall', () => ({ msgId: 'none' })),
    ],
  ],
]
