import type { text as zh } from '../zh/official-media.ts'

export const text: Record<keyof typeof zh, string> = {
  remove: 'Remove',
  voice: 'Voice message',
  imageHint: 'PNG, JPEG or GIF of at most 10 MB, better 2 MB; recognised by content, no SVG.',
  articleImageHint: 'PNG or JPEG below 1 MB.',
  voiceHint: 'AMR or MP3 of at most 2 MB and 60 seconds.',
  video: 'Video',
  videoHint: 'MP4, at most 10 MB.',
}
