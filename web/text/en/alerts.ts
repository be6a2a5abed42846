import type { text as zh } from '../zh/alerts.ts'

export const text: Record<keyof typeof zh, string> = {
  acknowledge: 'Got it',
  acknowledgedBy: 'Acknowledged by {who}',
  ended: 'Ended',
  fix: 'What to do:',
  hint: 'What needs an administrator, the same as on the overview, at the bell and in the check-up. Super administrators are told of what matters by WeCom or mail, once for each cause; it goes by itself when it is mended.',
  none: 'Nothing needs you',
  noneHint: 'What does will be listed here, and counted at the bell above.',
  notTold: 'No administrator could be told',
  open: 'Needs somebody',
  over: 'Past alerts',
  since: 'Since',
  title: 'Alerts',
  told: 'Administrators told',
}
