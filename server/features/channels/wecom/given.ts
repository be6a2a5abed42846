export type GivenType = 'text' | 'textcard' | 'news' | 'markdown' | 'template_card'

/**
 * A message that its sender wrote for WeCom itself: `body` is what stands under its msgtype, and leaves to the letter, neither prefixed
 * nor split nor cut. `options` stand beside it, such as `safe`.
 */
export type GivenContent = {
  kind: 'given'
  msgtype: GivenType
  body: Readonly<Record<string, unknown>>
  options: Readonly<Record<string, number>>
}
