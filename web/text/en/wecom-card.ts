import type { text as zh } from '../zh/wecom-card.ts'

export const text: Record<keyof typeof zh, string> = {
  picture: 'Picture',
  menu: 'More actions',
  choose: 'Choose',
  submit: 'Submit',
  inWecom: 'Answer it in WeCom',
}
