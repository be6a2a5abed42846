import type { text as zh } from '../zh/payments-notifications.ts'

export const text: Record<keyof typeof zh, string> = {
  title: 'Notifications',
  hint: 'What WeChat Pay told about payments and refunds, proved, decrypted and kept. What it does not tell is asked for.',
  number: 'Number',
  one: 'notification {id}',
  type: 'Type',
  order: 'Number of the order',
  state: 'State',
  state_pending: 'Waiting',
  state_done: 'Applied',
  state_parked: 'Failed',
  note: 'Note',
  receivedAt: 'Received',
  none: 'No notifications yet',
  noneHint: 'WeChat Pay sends none to a merchant without an APIv3 key.',
  replayHint: 'Replaying never counts money twice.',
}
