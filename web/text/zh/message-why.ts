export const text = {
  why: '经过',
  whyOf: '“{title}”的经过',
  whyLabel: '{name} 的经过',
  until: '直到{time}',
  inDigest: '由合并发送的消息送出',
} as const
