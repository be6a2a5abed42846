import './watermark.css'

const svg = 'http://www.w3.org/2000/svg'
const apart = { x: 260, y: 150 } as const
/** As far as the largest screens and sheets of paper go. */
const rows = 18
const columns = 16

/** Text, and no picture in the background: backgrounds are left out by many who print. */
function drawing(words: string): SVGSVGElement {
  const root = document.createElementNS(svg, 'svg')
  root.setAttribute('class', 'wisp-watermark')
  root.setAttribute('aria-hidden', 'true')
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const x = column * apart.x + (row % 2) * (apart.x / 2)
      const y = row * apart.y + 90
      const text = document.createElementNS(svg, 'text')
      text.setAttribute('transform', `translate(${x} ${y}) rotate(-20)`)
      text.setAttribute('fill', 'currentColor')
      text.textContent = words
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
