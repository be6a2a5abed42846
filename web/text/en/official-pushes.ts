import type { text as zh } from '../zh/official-pushes.ts'

export const text: Record<keyof typeof zh, string> = {
  title: 'Pushes',
  hint: 'Every message and event that WeChat pushed to the account, as it came: what it said, what was answered, what became of it. Kept for 30 days.',
  none: 'Nothing has been pushed yet',
  noneHint:
    "Every message and event of followers appears here once the server is enabled in WeChat's console.",
  number: 'Number',
  push: 'Push #{id}',
  receivedAt: 'Received',
  doneAt: 'Done',
  kind: 'Message or event',
  from: 'From',
  state: 'State',
  note: 'Note',
  attempts: 'Attempts',
  search: 'Text in openid, content or error',
  answer: 'Answer',
  answerNone: 'No passive reply',
  answerPassive: 'Passive reply ({type})',
  answerLater: '{n} customer-service {n|message|messages} besides',
  answerPerson: 'handed to a person',
  answerBy: 'rule: {by}',
  replayHint:
    'Followers, conversations and results are updated by it once more; the follower is not answered again. Replaying twice does no harm.',
}
