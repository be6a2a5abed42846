import type { Core } from '../../../platform/core.ts'
import { formatCount } from '../../../platform/format.ts'
import type { Cause, CauseText } from '../../../platform/manifest/cause.ts'
import { type OpenApproval, openApprovals } from '../plans/approval-store.ts'

type Detail = { msgId: string; agentName: string; receivers: number; isReview: boolean }

const dayMs = 86_400_000

const occurrenceOf = ({ corpId, messageId: msgId, state, agentName, receivers }: OpenApproval) => ({
  corpId,
  subject: msgId,
  detail: { msgId, agentName, receivers, isReview: state === 'review' },
})

const pathOf = (msgId: string) => `/console/messages?${new URLSearchParams({ open: msgId })}`

/** A send waits for approval, or left at once and is to be reviewed: each by itself, so that administrators hear of each. */
export const sendToApprove: Cause<Core, Detail> = {
  find: async ctx => ({ found: (await openApprovals(ctx.db)).map(occurrenceOf) }),
  severityOf: () => 'warn',
  tell: ({ msgId, agentName, receivers, isReview }): CauseText => ({
    title: isReview
      ? { zh: `「${agentName}」的紧急消息待复核`, en: `An urgent message of ${agentName} is to be reviewed` }
      : { zh: `「${agentName}」的消息等待批准`, en: `A message of ${agentName} waits for approval` },
    what: isReview
      ? {
          zh: `已发给 ${formatCount(receivers)} 人；紧急消息立即发出，之后复核。`,
          en: `It went to ${formatCount(receivers)} people: what is urgent leaves at once, and is reviewed afterwards.`,
        }
      : {
          zh: `将发给 ${formatCount(receivers)} 人，批准后才发出。`,
          en: `It is to go to ${formatCount(receivers)} people, and leaves once it is approved.`,
        },
    fix: {
      zh: '请打开这条消息，看内容、人数与费用，再批准或拒绝；发送人自己不能批准。',
      en: 'Open the message, see what it says, to how many it goes and what it costs, and approve or refuse it; its sender cannot.',
    },
    path: pathOf(msgId),
  }),
}

/** It has waited for approval, or to be reviewed, for more than a day. */
export const sendWaitsLong: Cause<Core, Detail> = {
  async find(ctx) {
    const late = ({ askedAt }: OpenApproval) => ctx.now() - askedAt.getTime() > dayMs
    return { found: (await openApprovals(ctx.db)).filter(late).map(occurrenceOf) }
  },
  tell: ({ msgId, agentName, receivers, isReview }): CauseText => ({
    title: isReview
      ? {
          zh: `「${agentName}」的紧急消息超过 24 小时没有复核`,
          en: `An urgent message of ${agentName} has not been reviewed for more than 24 hours`,
        }
      : {
          zh: `「${agentName}」的消息等待批准超过 24 小时`,
          en: `A message of ${agentName} has waited for approval for more than 24 hours`,
        },
    what: isReview
      ? {
          zh: `已发给 ${formatCount(receivers)} 人的紧急消息还没有人复核。`,
          en: `Nobody has reviewed the urgent message that went to ${formatCount(receivers)} people.`,
        }
      : {
          zh: `发给 ${formatCount(receivers)} 人的消息没有发出；7 天内没有人批准的不再发出。`,
          en: `A message to ${formatCount(receivers)} people has not left; one that nobody approves within 7 days does not leave any more.`,
        },
    fix: isReview
      ? { zh: '请打开这条消息并复核。', en: 'Open the message, and review it.' }
      : { zh: '请打开这条消息，批准或拒绝。', en: 'Open the message, and approve or refuse it.' },
    path: pathOf(msgId),
  }),
}
