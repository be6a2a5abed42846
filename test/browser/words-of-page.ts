/** A person reads no more than this on the middle one of the pages, and on any. */
export const wordsAtMost = { middle: 120, any: 400 }

/**
 * Chinese characters that are shown on the page that is open, or in the drawer over it; rows of
 * tables, cards of phones and what needs somebody are data and left out, and switches, which hold the words of both states.
 */
export const wordsOfPage = `(() => {
  const around = document.querySelector('[role=dialog]') ?? document.querySelector('main')
  const texts = document.createTreeWalker(around ?? document.body, NodeFilter.SHOW_TEXT)
  let count = 0
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode
    if (parentElement.closest('tbody, .wisp-cards, .alert-list, .wisp-skeleton, .ant-switch') || !parentElement.checkVisibility()) continue
    count += data.match(/\\p{Script=Han}/gu)?.length ?? 0
  }
  return count
})()`

export function middleOf(counts: readonly number[]): number {
  return counts.toSorted((a, b) => a - b)[counts.length >> 1] ?? 0
}
