import { createHash } from 'node:crypto'

const todoNoAtMost = 128

/**
 * The number of a to-do within its app, made of what the sender calls it, so that whoever knows that can ask for it by the API. Each
 * part has its colons and percent signs encoded; what gets too long is hashed.
 */
export function todoNoOf(parts: readonly string[]): string {
  const text = parts.map(part => part.replace(/[%:]/g, encodeURIComponent)).join(':')
  if (text.length <= todoNoAtMost) return text
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}
