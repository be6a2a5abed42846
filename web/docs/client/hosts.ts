const example = 'https://wisp.example.com'
/** Where a platform runs that nobody has told another port. */
const usual = 'http://127.0.0.1:3000'

/** Code names the platform by an example's address until it is known where the page comes from. */
export function showOwnAddress(): void {
  const isOnThisMachine = /^(localhost|127\.0\.0\.1)$/.test(location.hostname)
  const others = isOnThisMachine ? [example, usual] : [example]
  const here = (text: string) => others.reduce((one, other) => one.replaceAll(other, location.origin), text)
  for (const block of document.querySelectorAll('main :is(pre, code)')) {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (node.nodeValue && here(node.nodeValue) !== node.nodeValue) node.nodeValue = here(node.nodeValue)
  }
  for (const button of document.querySelectorAll<HTMLElement>('main [data-copy]'))
    button.dataset['copy'] = here(button.dataset['copy'] ?? '')
}
