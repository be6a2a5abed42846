const example = 'https://wisp.example.com'

/** Code names the platform by an example's address until it is known where the page comes from. */
export function showOwnAddress(): void {
  const here = (text: string) => text.replaceAll(example, location.origin)
  for (const block of document.querySelectorAll('main :is(pre, code)')) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (node.nodeValue?.includes(example)) node.nodeValue = here(node.nodeValue)
  }
  for (const button of document.querySelectorAll<HTMLElement>('main [data-copy]'))
    button.dataset['copy'] = here(button.dataset['copy'] ?? '')
}
