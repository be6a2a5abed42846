/** Receivers take 8 kB of a message and cut the rest, or take it for another message. */
export const messageBytes = 8000

/** Control characters would end a message where frames end with a line, and spoil logs. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
  return text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
}

/** The beginning of a text that has at most so many bytes in UTF-8, with … where something was left out. */
export function cutTo(text: string, bytes: number): string {
  const whole = Buffer.from(text)
  if (whole.length <= bytes) return text
  let end = Math.max(0, bytes - 3)
  // Not within a character.
  while (end > 0 && (whole[end]! & 0xc0) === 0x80) end--
  return `${whole.subarray(0, end).toString()}…`
}
