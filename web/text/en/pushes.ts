import type { text as zh } from '../zh/pushes.ts'

export const text: Record<keyof typeof zh, string> = {
  clearSelection: 'Clear selection',
  noContent: 'It has no content: the platform asks for it.',
  plain: 'Decrypted',
  raw: 'As received',
  replay: 'Replay',
  replayOne: 'Replay this one',
  replayAll: 'Replay all {n} found',
  replayed: '{n} queued again',
  replaySelected: 'Replay the {n} selected',
  replayTitle: 'Replay {n}?',
}
