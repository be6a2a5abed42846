import type { text as zh } from '../zh/message-why.ts'

export const text: Record<keyof typeof zh, string> = {
  why: 'What happened',
  whyOf: 'What happened to “{title}”',
  whyLabel: 'What happened for {name}',
  until: 'until {time}',
  inDigest: 'sent within a digest',
}
