import type { text as zh } from '../zh/alerts.ts'

export const text: Record<keyof typeof zh, string> = {
  acknowledge: 'Got it',
  acknowledgedBy: 'Acknowledged by {who}',
  ended: 'Ended',
  fix: 'What to do:',
  go: 'Mend it',
  hint: 'wisp looks every 5 minutes. Super administrators are told of what is new by WeCom or mail, once for each cause; it ends by itself when it is mended.',
  none: 'Nothing needs you',
  notTold: 'No administrator could be told',
  open: 'Needs somebody',
  over: 'Over',
  since: 'Since',
  title: 'Alerts',
  told: 'Administrators told',
}
