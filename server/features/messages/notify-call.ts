import { Type } from 'typebox'
import { endpoint } from '../../platform/http/endpoint.ts'
import { readInput, type Values } from '../../platform/http/input.ts'
import { noticeFields } from './accept/notice-fields.ts'
import type { Notice } from './accept/notify.ts'
import { receiversIn } from './accept/submission.ts'
import { timingOf } from './accept/timing.ts'
import { notify } from './waiting/notify.ts'
import type { WaitingNeeds } from './waiting/open-call.ts'

/** Reads the inputs as the call does. */
export function noticeOf(given: Record<string, unknown>): Notice {
  return noticeIn(readInput(noticeFields, given))
}

function noticeIn(given: Values<typeof noticeFields>): Notice {
  const { type, data, rows, toList, link, requestId } = given
  const timing = timingOf(given)
  const notice = { type, data, rows, toList, link, requestId, receivers: receiversIn(given) }
  return timing ? { ...notice, timing } : notice
}

export const notifyCall = endpoint({
  methods: ['POST'],
  path: '/api/message/notify',
  section: 'wisp',
  summary: { zh: '按消息类型发送', en: 'Send by a message type' },
  description: {
    zh: '按消息类型的模板发送：每个人通过类型的渠道中第一个能送达本人的渠道收到（企业微信已激活、有邮箱或手机号、已绑定公众号）。toUser、toParty、toTag、toGroup，rows，toList 三者选一：rows 中每人有自己的变量，最多 1000 行，同一人只能出现一次；toList 是用 message/list 上传的名单，最多 20000 人，其中不同的内容最多 2000 份，更多的请分成几份名单。变量缺少或多出时返回 1000 并全部列出，什么都不发。内容或渠道不同的多份文本在一次提交中接受，是一条消息：一个 msgId，一次配额。类型须为自己的或企业的，并已生效；企业没有开启「消息类型」，或类型被管理员暂停、停用时返回 1009。',
    en: 'Sends by the templates of a message type: each person gets it by the first channel of the type that reaches them (active in WeCom, with a mail address or mobile, linked to a follower). Give one of three: toUser, toParty, toTag, toGroup; rows, in which each person has variables of their own, at most 1000, each person once; or toList, a list that was uploaded by message/list, of at most 20,000 people and 2000 different texts: divide larger ones into several lists. Missing and unknown variables are 1000, all of them named, and nothing is sent. Texts that differ in words or channel are accepted together and are one message: one msgId, counted once. The type has to be your own or the corp’s, and in force. 1009: the corp has message types switched off, or an administrator paused or revoked the type.',
  },
  access: { by: 'developer', scope: 'message:send' },
  directory: true,
  input: noticeFields,
  logged: [
    'type',
    'toUser',
    'toParty',
    'toTag',
    'toGroup',
    'toList',
    'sendAt',
    'expiresAt',
    'about',
    'requestId',
  ],
  output: Type.Object({
    msgId: Type.String({
      about: { zh: '消息 id，用于查询和撤回', en: 'Id of the message, for its status and recall' },
    }),
    accepted: Type.Integer({ about: { zh: '接受的人数', en: 'How many persons it was accepted for' } }),
    invaliduser: Type.String({ about: { zh: '无效的用户，| 分隔', en: 'Wrong members, separated by |' } }),
    invalidparty: Type.String({
      about: { zh: '无效的部门，| 分隔', en: 'Wrong departments, separated by |' },
    }),
    invalidtag: Type.String({ about: { zh: '无效的标签，| 分隔', en: 'Wrong tags, separated by |' } }),
    invalidgroup: Type.Optional(
      Type.String({
        about: {
          zh: '无效的人群，| 分隔；只在填写 toGroup 时有',
          en: 'Wrong groups, separated by |; with toGroup alone',
        },
      }),
    ),
    state: Type.Enum(['accepted', 'waiting'], {
      about: {
        zh: 'accepted 已接受，正在发出；waiting 已接受，按 sendAt、业务编号或类型的设置（合并发送、次数限制）由平台发出',
        en: 'accepted: it is leaving; waiting: accepted, and it leaves as sendAt, about or the type (digest, limit) say',
      },
    }),
  }),
  errors: ['unknownMember', 'unknownDepartment', 'unknownTag', 'unknownDeveloper', 'messageCentre'],
  sample: {
    msgId: 'mZ3k9w…',
    accepted: 1,
    invaliduser: '',
    invalidparty: '',
    invalidtag: '',
    state: 'accepted',
  },
  sampleInput: {
    type: '{messageType}',
    toUser: ['{receiver}'],
    data: '{messageData}',
    requestId: '{unique}',
  },
  handle: (ctx: WaitingNeeds, { input, developer }) => notify(ctx, developer, noticeIn(input)),
})
