/**
 * What people see as emoji: characters that are shown as one by themselves, or that a variation selector or a keycap turns
 * into one. Symbols that are mostly text, such as © and ☆, are none. WeChat Pay takes no emoji in its texts.
 */
const emoji =
  /\p{Emoji_Presentation}|(?=[\u{10000}-\u{10ffff}])\p{Extended_Pictographic}|[\u{fe0f}\u{20e3}\u{e0020}-\u{e007f}]/u
const eachEmoji = new RegExp(emoji, 'gu')

export function hasEmoji(text: string): boolean {
  return emoji.test(text)
}

/** Joiners that would be left without their emoji go too. */
export function withoutEmoji(text: string): string {
  return hasEmoji(text) ? text.replace(eachEmoji, '').replaceAll('\u200d', '').trim() : text
}
