import { type ReactNode, type RefObject, useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { isCutOff } from './cut.ts'

type ShownText = { text: string; left: number; top: number }

/** The whole text of the cell under the pointer or the focus, if a part of it is cut off. One for all cells of a table. */
export function WholeText(props: { of: RefObject<HTMLElement | null> }): ReactNode {
  const [shown, setShown] = useState<ShownText>()
  useEffect(() => {
    const around = props.of.current
    if (!around) return
    const over = new AbortController()
    const show = ({ target }: Event) => {
      const cell = (target as Element).closest('td > .wisp-cell')
      setShown(cell && isPartHidden(cell) ? placeOf(cell) : undefined)
    }
    const hide = () => setShown(undefined)
    const onKey = ({ key }: KeyboardEvent) => key === 'Escape' && hide()
    const { signal } = over
    around.addEventListener('pointerover', show, { signal })
    around.addEventListener('pointerleave', hide, { signal })
    around.addEventListener('focusin', show, { signal })
    around.addEventListener('focusout', hide, { signal })
    document.addEventListener('keydown', onKey, { signal })
    document.addEventListener('scroll', hide, { signal, capture: true })
    return () => over.abort()
  }, [props.of])
  if (!shown) return null
  const { text, left, top } = shown
  return createPortal(
    <div className="wisp-whole" role="tooltip" style={{ left, top }}>
      {text}
    </div>,
    document.body,
  )
}

const isPartHidden = (cell: Element) => isCutOff(cell) || [...cell.querySelectorAll('*')].some(isClipped)

const isClipped = (part: Element) => getComputedStyle(part).textOverflow === 'ellipsis' && isCutOff(part)

const widest = 420

function placeOf(cell: Element): ShownText {
  const box = cell.getBoundingClientRect()
  const left = Math.max(8, Math.min(box.left, window.innerWidth - widest - 16))
  // biome-ignore lint/performance/useDomNodeTextContent: only this has the breaks between its lines.
  return { text: (cell as HTMLElement).innerText, left, top: box.bottom + 6 }
}
