import { operator } from '../../../callers/developers/operator.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { listedMember } from '../../../organisation/directory/read/view.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { text } from '../../../platform/http/input.ts'
import type { Language } from '../../../platform/words.ts'
import { choicesOfPerson, type PersonNeeds, personChoicesSchema } from '../person-choices.ts'

export type ReadNeeds = PersonNeeds & { mirrors: Mirrors }

/** Throws 1007 for somebody who is not in the address book. */
export async function choicesOfUser(ctx: ReadNeeds, corpId: string, userId: string, language: Language) {
  const { id: memberId } = await listedMember(ctx, operator(corpId), userId)
  return choicesOfPerson(ctx, { corpId, memberId }, language)
}

/** Administrators read what a person chose, and change nothing of it. */
export const adminMessageChoices = adminCall({
  method: 'GET',
  path: '/api/admin/messageChoices',
  summary: { zh: '查看一个成员的消息设置', en: "Get a member's message settings" },
  description: {
    zh: '只读：消息设置由成员本人更改。列出 180 天内收到过、正在等待或本人设置过的消息类型。',
    en: 'Read only: members change their settings themselves. It lists the message types of which something reached the member within 180 days or waits for them, and those that the member has settings for.',
  },
  scope: 'admin:read',
  point: 'message:read',
  reach: 'corp',
  directory: true,
  input: { userId: text({ zh: '成员账号', en: 'The member' }, { max: 64 }) },
  output: personChoicesSchema,
  errors: ['unknownMember'],
  sample: {
    isAllOff: false,
    quietHours: { days: [1, 2, 3, 4, 5, 6, 7], from: 1320, to: 420, timeZone: 'Asia/Shanghai' },
    types: [
      {
        key: 'leave-approved',
        name: '请假审批',
        sender: '人事系统',
        level: 'normal',
        isOn: true,
        decidedBy: 'type',
        ways: [
          { channel: 'wecom', name: '企业微信', isOn: true, reaches: true },
          { channel: 'email', name: '邮件', isOn: false, reaches: true },
        ],
        waysBy: 'person',
        digest: '18:00',
        digestOfType: '',
      },
    ],
  },
  sampleInput: { userId: '{userId}' },
  handle: (ctx: ReadNeeds, { corpId, input, language }) => choicesOfUser(ctx, corpId, input.userId, language),
})
