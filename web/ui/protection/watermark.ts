import './watermark.css'

const svg = 'http://www.w3.org/2000/svg'
/** In px. */
const apart = 150
/** For lists of some thirty sheets of paper. */
const lines = 220
/** In one line, which is longer than the widest screens. */
const times = 16

/** Text, and no picture in the background: backgrounds are left out by many who print. */
function drawing(words: string): SVGSVGElement {
  const root = document.createElementNS(svg, 'svg')
  root.setAttribute('class', 'wisp-watermark')
  root.setAttribute('aria-hidden', 'true')
  const line = Array<string>(times).fill(words).join('\u2003'.repeat(10))
  for (let n = 0; n < lines; n++) {
    const text = document.createElementNS(svg, 'text')
    text.setAttribute('transform', `translate(${-120 * (n % 2)} ${(n + 1) * apart}) rotate(-20)`)
    text.setAttribute('fill', 'currentColor')
    text.textContent = line
    root.append(text)
  }
  return root
}

/**
 * Writes whose page it is across the page and its prints, until the returned function is called. Whoever removes or hides it has it back at
 * once; somebody who reads the page by tools for developers can do more than that, and is outside the claim.
 */
export function showWatermark(words: string): () => void {
  let shown = drawing(words)
  const observed = { childList: true, attributes: true, characterData: true, subtree: true } as const
  const putBack = () => {
    watch.disconnect()
    shown.remove()
    shown = drawing(words)
    document.body.append(shown)
    watch.takeRecords()
    watch.observe(document.body, { childList: true })
    watch.observe(shown, observed)
  }
  const watch = new MutationObserver(records => {
    const isTouched = !shown.isConnected || records.some(({ target }) => shown.contains(target))
    if (isTouched) putBack()
  })
  putBack()
  return () => {
    watch.disconnect()
    shown.remove()
  }
}
