import type { text as zh } from '../zh/alerts.ts'

export const text: Record<keyof typeof zh, string> = {
  acknowledge: 'Got it',
  acknowledgedBy: 'Acknowledged by {who}',
  ended: 'Ended',
  fix: 'What to do:',
  hint: 'An alert moves from the overview to this page once its cause is gone.',
  none: 'No alert is over',
  noneHint: 'Alerts appear here once their cause is gone.',
  notTold: 'No administrator could be told',
  open: 'Needs somebody',
  over: 'Past alerts',
  since: 'Since',
  told: 'Administrators told',
}
